/** `keys/sign-in`: with it session cookies are signed and TOTP secrets encrypted. Nowhere else. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { toHex, utf8 } from '../custody/bytes.ts'
import { writeFileDurably } from './durable.ts'
import { StoreError, errorCode } from './store-error.ts'
import type { Effects } from './store.ts'

/** Made at first need. @throws StoreError `library-damaged` */
export async function signInSecret(libraryFolder: string, effects: Effects): Promise<string> {
  const path = join(libraryFolder, 'keys', 'sign-in')
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined
    throw damaged(error)
  })
  if (text !== undefined) {
    const secret = text.replace(/\n$/, '')
    if (!/^[0-9a-f]{64}$/.test(secret)) throw damaged()
    return secret
  }
  const secret = toHex(effects.randomBytes(32))
  await writeFileDurably(path, utf8(`${secret}\n`), 0o600)
  return secret
}

const damaged = (cause?: unknown): StoreError =>
  new StoreError(
    'library-damaged',
    'keys/sign-in is damaged. Restore it from a backup; without it everybody has to sign in again ' +
      'and codes of authenticator apps are lost.',
    { cause },
  )

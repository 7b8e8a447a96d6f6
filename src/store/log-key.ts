/**
 * The key that signs the custody log's checkpoints: `keys/log-signer` holds the
 * secret seed (64 hex digits, mode 0600), `keys/log.vkey` the public side. The
 * seed appears nowhere else: no log, error, URL or export.
 */
import { mkdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

import { fromHex, toHex, utf8 } from '../custody/bytes.ts'
import { formatVkey } from '../custody/key.ts'
import { generateSigner, signerFromSeed } from '../custody/signer.ts'
import type { Signer } from '../custody/signer.ts'
import { syncFolder, writeFileDurably } from './durable.ts'
import { StoreError } from './store-error.ts'
import type { Effects } from './store.ts'

/** The public half first: a seed on disk always has its public half beside it. */
export async function createLogKey(folder: string, effects: Effects): Promise<void> {
  const keys = join(folder, 'keys')
  await mkdir(keys, { recursive: true, mode: 0o700 })
  syncFolder(folder)
  const { seed, signer } = await generateSigner((length) => effects.randomBytes(length))
  await writeFileDurably(join(keys, 'log.vkey'), utf8(`${formatVkey(signer)}\n`), 0o644)
  await writeFileDurably(join(keys, 'log-signer'), utf8(`${toHex(seed)}\n`), 0o600)
}

/** @throws StoreError `library-damaged` when a half is gone or the two do not belong together */
export async function readLogKey(folder: string): Promise<Signer> {
  const damaged = (what: string): StoreError =>
    new StoreError(
      'library-damaged',
      `The library's signing key is damaged: ${what}. Restore the folder \`keys\` from a backup; ` +
        'without it no further checkpoint of this log can be signed.',
    )
  const read = (name: string): Promise<string> =>
    readFile(join(folder, 'keys', name), 'utf8').catch(() => {
      throw damaged(`keys/${name} cannot be read`)
    })
  const [seedText, vkey] = [await read('log-signer'), await read('log.vkey')]
  const seed = fromHex(seedText.replace(/\n$/, ''))
  if (seed?.length !== 32) throw damaged('keys/log-signer is not a key')
  const signer = await signerFromSeed(seed)
  if (vkey !== `${formatVkey(signer)}\n`) {
    throw damaged('keys/log-signer and keys/log.vkey do not belong together')
  }
  return signer
}

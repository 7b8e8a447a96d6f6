/**
 * Writes src/client/api-types.ts: what `/api/openapi.json` says can be asked and is answered, as
 * types. It is kept in the repository; a test makes it anew.
 */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { format, type FormatOptions } from 'oxfmt'
import { effects } from '../src/cli/library-option.ts'
import { openJobQueue } from '../src/queue/job-queue.ts'
import { deskApp } from '../src/server/app.ts'
import { openLibrary } from '../src/store/library.ts'
import { apiTypes, type ApiDocument } from './api-types.ts'

const root = join(import.meta.dirname, '..')
const target = join(root, 'src', 'client', 'api-types.ts')

/** The module's text. @throws TypeError where a schema has something that is not known here */
export async function makeApiTypes(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'sightline-api-types-'))
  try {
    const library = await openLibrary(folder, { command: 'make-api-types', effects })
    const queue = await openJobQueue(library, { tends: false })
    const host = 'localhost'
    const desk = deskApp(library, new Set([host]), { queue })
    const answer = await desk.request('/api/openapi.json', { headers: { host } })
    await queue.close()
    await library.close()
    return await formatted(apiTypes((await answer.json()) as ApiDocument))
  } finally {
    await rm(folder, { recursive: true })
  }
}

async function formatted(text: string): Promise<string> {
  const style = await readFile(join(root, '.oxfmtrc.json'), 'utf8')
  const { code, errors } = await format(target, text, JSON.parse(style) as FormatOptions)
  if (errors.length > 0) throw new TypeError(errors.map(({ message }) => message).join())
  return code
}

if (import.meta.main) {
  await writeFile(target, await makeApiTypes())
}

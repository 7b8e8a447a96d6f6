import { randomBytes } from 'node:crypto'
import { access, constants, open, realpath, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { writeAll } from '../store/durable.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'

/** Says so before the work is done, not after. Throws CommandError. */
export async function refuseUnwritable(file: string, inputs: readonly string[]): Promise<void> {
  const refuse = (code: string, reason: string): CommandError =>
    new CommandError(code, `--html ${file}: ${reason}`, exitCodes.failed)
  const there = await stat(file).catch(() => undefined)
  if (there?.isDirectory() === true)
    throw refuse('output-is-a-folder', 'is a folder; name a file in it')
  if (there !== undefined && !there.isFile())
    throw refuse('output-not-a-file', 'is no regular file; name another')
  for (const input of inputs) {
    const one = await stat(input).catch(() => undefined)
    if (there !== undefined && one?.ino === there.ino && one.dev === there.dev)
      throw refuse('output-is-an-input', 'is one of the recordings; name another file')
  }
  const folder = dirname(file)
  const holder = await stat(folder).catch(() => undefined)
  if (holder?.isDirectory() !== true)
    throw refuse('output-folder-missing', `there is no folder ${folder}; make it first`)
  const writable = await access(folder, constants.W_OK).then(
    () => true,
    () => false,
  )
  if (!writable) throw refuse('output-not-writable', `the folder ${folder} cannot be written to`)
}

/** The old content is there or all of the new; a link is kept and what it leads to replaced. */
export async function replaceFile(file: string, text: string): Promise<void> {
  const target = await realpath(file).catch(() => file)
  const unfinished = join(
    dirname(target),
    `.${basename(target).slice(0, 100)}.${randomBytes(6).toString('hex')}.new`,
  )
  try {
    const handle = await open(unfinished, 'wx', 0o666)
    try {
      await writeAll(handle, new TextEncoder().encode(text), 0)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(unfinished, target)
  } catch (cause) {
    await rm(unfinished, { force: true })
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new CommandError(
      'output-failed',
      `${file} could not be written: ${reason}`,
      exitCodes.failed,
    )
  }
}

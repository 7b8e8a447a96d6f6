import { constants } from 'node:fs'
import { copyFile, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { isBundlePath, manifestPath } from '../custody/manifest.ts'
import type { Library } from '../store/library.ts'
import type { PublishedFile } from '../store/publications.ts'
import { JobError } from './job-error.ts'

/** Where files wait until all are written; within the output folder, so that a rename is all that is left. */
const stagingName = '.sightline-partial'

/**
 * Writes a published bundle into a folder: new, empty, or holding an earlier
 * bundle, which is replaced. Anything else is left alone and refused. Files are
 * written and synced aside first and moved in at the end, `index.html` last.
 * @throws JobError `output-not-a-bundle`, `output-unwritable`, `output-full`
 */
export async function writeBundle(
  bring: BringFile,
  files: readonly PublishedFile[],
  folder: string,
): Promise<void> {
  for (const { path } of files) {
    if (isBundlePath(path)) continue
    throw new JobError(
      'output-unsafe',
      `a bundle cannot hold a file called ${JSON.stringify(path)}`,
    )
  }
  await checkOutput(folder)
  const staging = join(folder, stagingName)
  await rm(staging, { recursive: true, force: true })
  const fresh = join(staging, 'new')
  try {
    const folders = new Set(files.map(({ path }) => dirname(join(fresh, path))))
    for (const made of folders) await mkdir(made, { recursive: true })
    for (const { path, sha256 } of files) {
      await bring({ path, sha256 }, join(fresh, path))
      await settle(join(fresh, path))
    }
  } catch (error) {
    // What was in the folder before is still in its place.
    await rm(staging, { recursive: true, force: true })
    throw outputError(error, folder)
  }
  await mkdir(join(staging, 'old'), { recursive: true })
  const present = (await readdir(folder)).filter((name) => name !== stagingName)
  for (const name of present) await rename(join(folder, name), join(staging, 'old', name))
  const arriving = (await readdir(fresh)).toSorted(
    (a, b) => Number(a === 'index.html') - Number(b === 'index.html'),
  )
  for (const name of arriving) await rename(join(fresh, name), join(folder, name))
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rm(staging, { recursive: true, force: true })
}

/** Writes one file of the bundle, which is not there yet. */
export type BringFile = (file: PublishedFile, target: string) => Promise<void>

export const fromLibrary =
  ({ blobs }: Library): BringFile =>
  ({ sha256 }, target) =>
    blobs.lend(sha256, (source) =>
      copyFile(source, target, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE),
    )

/** A blob is read-only; its copy belongs to whoever asked for it. */
async function settle(target: string): Promise<void> {
  const handle = await open(target, 'r')
  try {
    await handle.chmod(0o644)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

function outputError(error: unknown, folder: string): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (code !== 'ENOSPC' && code !== 'EDQUOT') return error
  return new JobError(
    'output-full',
    `no space left in the output folder ${folder}. The story is published in the library all the same: ` +
      'free some space or choose another folder with --out, then run this again.',
    { cause: error },
  )
}

/** Before any work, so that a long job does not end in a refusal. */
export async function checkOutput(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (cause) {
    throw new JobError(
      'output-unwritable',
      `the output folder ${folder} cannot be made; choose another with --out`,
      { cause },
    )
  }
  const names = await readdir(folder)
  if (names.length === 0 || names.includes(stagingName)) return
  const isBundle = await stat(join(folder, manifestPath)).then(
    () => true,
    () => false,
  )
  if (!isBundle) {
    throw new JobError(
      'output-not-a-bundle',
      `the output folder ${folder} holds other files; choose an empty or new folder with --out`,
    )
  }
}

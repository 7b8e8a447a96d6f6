import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { renderLimits } from './limits.ts'
import { MediaError } from './media-error.ts'
import { runSandboxed } from './sandbox.ts'

/**
 * The primary picture of a HEIC file as PNG, upright, as heif-convert makes it.
 * Returns its path in `folder`. Throws MediaError.
 */
export async function convertHeic(
  source: string,
  folder: string,
  signal: AbortSignal | undefined,
): Promise<string> {
  await runSandboxed({
    program: 'heif-convert',
    args: ['in/0', 'out/photo.png'],
    inputs: [source],
    outputFolder: folder,
    limits: { ...renderLimits, cpuSeconds: 120, wallSeconds: 300 },
    ...(signal === undefined ? {} : { signal }),
  })
  // A file with several pictures gives photo-1.png and so on.
  const made = (await readdir(folder))
    .filter((name) => /^photo(?:-\d+)?\.png$/.test(name))
    .toSorted()
  if (made[0] === undefined) throw new MediaError('failed', 'the HEIC photo holds no picture')
  return path.join(folder, made[0])
}

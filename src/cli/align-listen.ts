import { stat } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import type { RecordingFacts } from '../case/item-facts.ts'
import { MediaError } from '../media/media-error.ts'
import { probeRecording } from '../media/probe.ts'
import { sniffFile } from '../media/sniff.ts'
import type { SoundFile } from '../media/sound-file.ts'
import { decodeSound8k, hearRecording } from '../media/sound.ts'
import type { OwnSpan } from './align-report.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'

export interface Heard {
  readonly path: string
  /** To be closed. Absent where there is nothing to listen to; then `refused` says why. */
  readonly samples?: SoundFile
  readonly refused?: { readonly code: string; readonly reason: string }
  /** Of every file that is a recording. */
  readonly span?: OwnSpan
  readonly containerTime?: string
  /** So much of its sound lies before own time 0, where nothing listens. */
  readonly unheardSeconds?: number
}

/**
 * The files in the order given, as many at once as there are processors. Throws
 * CommandError where there is no file and where the temporary folder takes no sound.
 */
export async function listenToAll(
  paths: readonly string[],
  onProgress: (done: number, path: string) => void,
): Promise<readonly Heard[]> {
  const heard: Heard[] = []
  const waiting = paths.entries()
  let done = 0
  const listenOn = async (): Promise<void> => {
    for (const [index, path] of waiting) {
      onProgress(done, path)
      heard[index] = await listen(path).catch(tellOfFolder)
      done++
    }
  }
  await Promise.all(Array.from({ length: availableParallelism() }, listenOn))
  return heard
}

/** Trouble with the folder the decoded sound lies in is told with its name and the way out. */
function tellOfFolder(error: unknown): never {
  const { code } = error instanceof MediaError ? error : {}
  if (code !== 'disk-full' && code !== 'folder-unusable') throw error
  throw new CommandError(
    code === 'disk-full' ? 'temporary-folder-full' : 'temporary-folder-unusable',
    `${tmpdir()} cannot take the sound that is being aligned, 58 MB for each hour of recording ` +
      `(${(error as MediaError).message}); set TMPDIR to a folder with room`,
    exitCodes.failed,
  )
}

async function listen(path: string): Promise<Heard> {
  const facts = await stat(path).catch(() => undefined)
  if (facts?.isFile() !== true) {
    throw new CommandError('file-missing', `${path} is no file; check the path`, exitCodes.failed)
  }
  const sniffed = await sniffFile(path)
  if (sniffed.kind !== 'recording') {
    const reason =
      sniffed.kind === 'other'
        ? sniffed.finding.message
        : `it is a ${sniffed.kind}, not a recording`
    return { path, refused: { code: 'not-a-recording', reason } }
  }
  const quickly = await hearRecording(path, sniffed.container, tmpdir())
  if (quickly !== undefined) {
    const { sound, startSeconds, endSeconds, ...known } = quickly
    return { path, ...known, samples: sound, span: { startSeconds, endSeconds } }
  }
  const probed = await probeRecording(path, sniffed)
  if (probed.facts.kind !== 'recording') {
    const problem = probed.findings.find((finding) => finding.severity === 'problem')
    return {
      path,
      refused: {
        code: problem?.code ?? 'unreadable-media',
        reason: problem?.message ?? 'it cannot be read',
      },
    }
  }
  const { containerTime, sound } = probed.facts
  const known = {
    path,
    span: spanOf(probed.facts),
    ...(containerTime === undefined ? {} : { containerTime }),
  }
  if (sound === undefined)
    return { ...known, refused: { code: 'no-audio', reason: 'The recording has no sound.' } }
  const samples = await decodeSound8k(path, probed.facts, tmpdir())
  return sound.startSeconds < -leastUnheardSeconds
    ? { ...known, samples, unheardSeconds: -sound.startSeconds }
    : { ...known, samples }
}

/** An encoder's delay before zero is no sound. */
const leastUnheardSeconds = 0.1

function spanOf({ video, sound, scannedDurationSeconds }: RecordingFacts): OwnSpan {
  const firstTick = video?.frames.ticks[0]
  const starts = [
    ...(video === undefined || firstTick === undefined ? [] : [firstTick / video.frames.timescale]),
    ...(sound === undefined ? [] : [sound.startSeconds]),
  ]
  return { startSeconds: Math.min(...starts), endSeconds: scannedDurationSeconds }
}

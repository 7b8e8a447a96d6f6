import { stat } from 'node:fs/promises'
import type { AlignInput } from '../align/alignment.ts'
import type { RecordingFacts } from '../case/item-facts.ts'
import { probeRecording } from '../media/probe.ts'
import { sniffFile } from '../media/sniff.ts'
import { decodeSound8k } from '../media/sound.ts'
import type { OwnSpan } from './align-report.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'

export interface Heard {
  readonly path: string
  /** Absent where there is nothing to listen to; then `refused` says why. */
  readonly input?: AlignInput
  readonly refused?: { readonly code: string; readonly reason: string }
  readonly span?: OwnSpan
  readonly containerTime?: string
}

/** One file, as far as it is a recording. Throws CommandError where there is no file. */
export async function listen(path: string): Promise<Heard> {
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
  return { ...known, input: { id: path, samples: await decodeSound8k(path, probed.facts) } }
}

function spanOf({ video, sound, scannedDurationSeconds }: RecordingFacts): OwnSpan {
  const firstTick = video?.frames.ticks[0]
  const starts = [
    ...(video === undefined || firstTick === undefined ? [] : [firstTick / video.frames.timescale]),
    ...(sound === undefined ? [] : [sound.startSeconds]),
  ]
  return { startSeconds: Math.min(...starts), endSeconds: scannedDurationSeconds }
}

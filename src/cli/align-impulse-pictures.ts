import type { AlignedMember, AlignInput } from '../align/alignment.ts'
import { sourceOf } from '../align/sample-source.ts'
import { soundRateHz } from '../examine/impulse-levels.ts'
import { spectrogram, spectrogramMarginSamples } from '../examine/spectrogram.ts'
import { fromClock, toClock } from '../time/clock.ts'
import { mapOf, pieceAt, type ClockPiece } from '../time/pieced-clock.ts'
import type { AlignReport, OwnSpan } from './align-report.ts'
import type { GroupImpulse } from './align-impulses.ts'
import { indexedPng } from './indexed-png.ts'

/** One impulsive sound as its recordings hear it, all over the same seconds of the clock. */
export interface ImpulsePicture {
  readonly impulse: GroupImpulse
  readonly range: OwnSpan
  readonly rows: readonly {
    readonly recording: string
    readonly png: Buffer
    readonly heardAtSeconds: number
    /** How far the row as a whole may stand off on the clock. */
    readonly errorSeconds: number
  }[]
}

const beforeSeconds = 1
const afterSeconds = 2
/** About 8 MB of page. */
const mostRows = 600

/** Steps as even to the eye (OKLab lightness), of one hue, so that it reads in grey too. */
const colours = (
  'eeffff d3efff b8def5 9fceea 87bede 70add1 5b9dc2 488cb2 ' +
  '377ca1 286c8f 1d5c7c 144c68 0f3d54 0c2f40 0a212d 07131a'
)
  .split(' ')
  .map((hex) => {
    const [red = 0, green = 0, blue = 0] = Buffer.from(hex, 'hex')
    return [red, green, blue] as const
  })

/** Of the sounds that several recordings hear, in order, until a page has enough. */
export function impulsePictures(
  report: AlignReport,
  inputs: readonly AlignInput[],
): readonly ImpulsePicture[] {
  const pictures: ImpulsePicture[] = []
  let rowCount = 0
  for (const impulse of report.impulses) {
    if (!impulse.corroborated) continue
    rowCount += impulse.heardIn.length
    if (rowCount > mostRows) break
    pictures.push(pictureOf(impulse, report.groups[impulse.group]?.members ?? [], inputs))
  }
  return pictures
}

function pictureOf(
  impulse: GroupImpulse,
  members: readonly AlignedMember[],
  inputs: readonly AlignInput[],
): ImpulsePicture {
  const startSeconds = impulse.clockSeconds - beforeSeconds
  return {
    impulse,
    range: { startSeconds, endSeconds: impulse.clockSeconds + afterSeconds },
    rows: impulse.heardIn.flatMap(({ recording, ownSeconds }) => {
      const member = members.find(({ id }) => id === recording)
      const input = inputs.find(({ id }) => id === recording)
      const piece = member && pieceAt(member, ownSeconds)
      if (member === undefined || piece === undefined || input === undefined) return []
      const clock = mapOf(member, piece)
      const from = Math.round(fromClock(clock, startSeconds) * soundRateHz)
      const samples = new Float32Array(
        (beforeSeconds + afterSeconds) * soundRateHz + 2 * spectrogramMarginSamples,
      )
      sourceOf(input.samples).read(from - spectrogramMarginSamples, samples)
      silenceOutside(piece, from - spectrogramMarginSamples, samples)
      return [
        {
          recording,
          png: pngOf(samples),
          heardAtSeconds: toClock(clock, ownSeconds),
          errorSeconds: piece.errorSeconds,
        },
      ]
    }),
  }
}

/** Beyond a cut the file goes on with sound of another time. */
function silenceOutside(piece: ClockPiece, from: number, samples: Float32Array): void {
  const start = Math.round(piece.fromSeconds * soundRateHz) - from
  const end = Math.round(piece.toSeconds * soundRateHz) - from
  samples.fill(0, 0, Math.max(0, start))
  samples.fill(0, Math.max(0, end))
}

function pngOf(samples: Float32Array): Buffer {
  const { columns, rows, levels } = spectrogram(samples)
  return indexedPng({
    width: columns,
    height: rows,
    indexes: levels.map((level) => level >> 4),
    colours,
  })
}

import type { AlignInput, Anchor } from './alignment.ts'
import type { SampleSource } from './sample-source.ts'
import { sourceOf } from './sample-source.ts'
import { sampleRateHz } from './sound-features.ts'

/** A recording or a piece of one, placed as if it were a recording of its own. */
export interface RecordingPart extends AlignInput {
  /** Id of the recording. */
  readonly recording: string
  /** In the recording's own time; the part's own zero. */
  readonly fromSeconds: number
}

/** The recordings, those with cuts in pieces, in order of id and time. Cuts in own seconds, in order. */
export function cutRecordings(
  recordings: readonly AlignInput[],
  cuts: ReadonlyMap<string, readonly number[]>,
): RecordingPart[] {
  return recordings.flatMap((input) => {
    const { length } = input.samples
    const borders = (cuts.get(input.id) ?? []).map((at) => Math.round(at * sampleRateHz))
    if (borders.length === 0) return [{ ...input, recording: input.id, fromSeconds: 0 }]
    const source = sourceOf(input.samples)
    return [0, ...borders].map((from, index): RecordingPart => {
      const to = borders[index] ?? length
      return {
        ...input,
        id: `${input.id}\u0000${String(from).padStart(12, '0')}-${to}`,
        samples: excerptOf(source, from, to),
        recording: input.id,
        fromSeconds: from / sampleRateHz,
      }
    })
  })
}

/** The same anchors, told in the parts' own times. */
export function anchorsOfParts(
  anchors: readonly Anchor[],
  parts: readonly RecordingPart[],
): Anchor[] {
  const onPart = ({ id, atSeconds }: Anchor['a']): Anchor['a'] => {
    const own = parts.filter(({ recording }) => recording === id)
    const part = own.findLast(({ fromSeconds }) => fromSeconds <= atSeconds) ?? own[0]
    return part ? { id: part.id, atSeconds: atSeconds - part.fromSeconds } : { id, atSeconds }
  }
  return anchors.map((anchor) => ({ ...anchor, a: onPart(anchor.a), b: onPart(anchor.b) }))
}

export function excerptOf(source: SampleSource, from: number, to: number): SampleSource {
  return {
    length: to - from,
    read(at, into) {
      source.read(from + at, into)
      if (at < 0) into.fill(0, 0, -at)
      if (at + into.length > to - from) into.fill(0, Math.max(0, to - from - at))
    },
  }
}

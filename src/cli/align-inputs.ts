import type { AlignInput, Anchor } from '../align/alignment.ts'
import type { CalendarEvidence } from '../align/calendar-time.ts'
import { sampleRateHz } from '../align/sound-features.ts'
import type { Heard } from './align-listen.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'

/** What there is to listen to. */
export function soundInputs(heard: readonly Heard[]): readonly AlignInput[] {
  return heard.flatMap(({ path, samples }) =>
    samples === undefined ? [] : [{ id: path, samples }],
  )
}

/** Recordings without sound, silent for as long as they last, for anchors to place. */
export function silentInputs(
  heard: readonly Heard[],
  anchors: readonly Anchor[],
): readonly AlignInput[] {
  const anchored = new Set(anchors.flatMap(({ a, b }) => [a.id, b.id]))
  return heard.flatMap(({ path, samples, span }) => {
    if (samples !== undefined || span === undefined || !anchored.has(path)) return []
    const length = Math.max(0, Math.ceil(span.endSeconds * sampleRateHz))
    return [{ id: path, samples: { length, read: (_from, into) => void into.fill(0) } }]
  })
}

/** Throws CommandError for an option that names what is no recording: it would have no effect. */
export function refuseUnread(
  heard: readonly Heard[],
  anchors: readonly Anchor[],
  stated: readonly CalendarEvidence[],
): void {
  const named = [
    ...anchors.flatMap(({ a, b }) => [
      { option: '--anchor', path: a.id },
      { option: '--anchor', path: b.id },
    ]),
    ...stated.map(({ recording }) => ({ option: '--time', path: recording })),
  ]
  for (const { option, path } of named) {
    const { refused, span } = heard.find((each) => each.path === path) ?? {}
    if (refused === undefined || span !== undefined) continue
    throw new CommandError(
      'names-no-recording',
      `${option} names ${path}, which is not read as a recording (${refused.code}: ${refused.reason}); leave the option out or give a readable copy`,
      exitCodes.failed,
    )
  }
}

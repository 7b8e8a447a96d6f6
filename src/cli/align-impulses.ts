import type { AlignInput, Alignment } from '../align/alignment.ts'
import { copiesAmong } from '../align/reuploads.ts'
import type { ImpulseCandidate } from '../case/impulse.ts'
import { impulseCandidates, impulsePieces } from '../examine/impulse-candidates.ts'
import { findImpulseOnsets } from '../examine/impulse-onsets.ts'
import { plusMinus, timecode } from '../time/text.ts'
import { printable, type Terminal } from './terminal.ts'

/** An impulsive sound of one group, on that group's clock. */
export interface GroupImpulse extends ImpulseCandidate {
  /** Index into `groups`. */
  readonly group: number
}

const sampleRateHz = 8000

/**
 * What bangs in the recordings of each group; those apart share no clock with anyone who could
 * confirm it. A recording stored twice counts once.
 */
export function impulsesOf(
  alignment: Alignment,
  inputs: readonly AlignInput[],
): readonly GroupImpulse[] {
  const copies = copiesAmong(alignment.reuploads)
  const inputOf = new Map(inputs.map((input) => [input.id, input]))
  return alignment.groups.flatMap(({ members }, group) =>
    impulseCandidates(
      members.flatMap((member) => {
        const input = inputOf.get(member.id)
        if (input === undefined || copies.has(member.id)) return []
        const { position } = input
        return impulsePieces(
          {
            id: member.id,
            rate: member.rate,
            pieces: member.pieces,
            onsets: findImpulseOnsets(input.samples),
            ...(position === undefined ? {} : { position }),
          },
          input.samples.length / sampleRateHz,
        )
      }),
    ).map((candidate) => ({ ...candidate, group })),
  )
}

export function impulsesAsJson(impulses: readonly GroupImpulse[]) {
  return impulses.map(({ heardIn, echoes, toNext, ...impulse }) => ({
    ...impulse,
    heardIn: heardIn.map(({ recording, ...heard }) => ({ path: recording, ...heard })),
    echoes: echoes.map(({ recording, delaySeconds }) => ({ path: recording, delaySeconds })),
    intervalToNextSeconds: toNext?.seconds,
    intervalErrorSeconds: toNext?.errorSeconds,
  }))
}

export function printImpulses(terminal: Terminal, impulses: readonly GroupImpulse[]): void {
  const say = (text: string): void => terminal.out(`${text}\n`)
  const corroborated = impulses.filter((impulse) => impulse.corroborated)
  for (const group of new Set(impulses.map((impulse) => impulse.group))) {
    const own = corroborated.filter((impulse) => impulse.group === group)
    if (own.length === 0) continue
    say(`Impulsive sounds in group ${group + 1}, candidates for a person to confirm or reject:`)
    say('      clock s    error     heard in   to the next')
    for (const [index, impulse] of own.entries()) {
      const of = impulse.heardIn.length + impulse.silentIn.length
      const { toNext } = impulse
      const next =
        toNext === undefined
          ? ''
          : `${toNext.seconds.toFixed(3)} s ${plusMinus(toNext.errorSeconds)}`
      say(
        `  ${String(index + 1).padStart(2)}. ${impulse.clockSeconds.toFixed(3).padStart(8)}  ${plusMinus(impulse.errorSeconds)}  ${`${impulse.heardIn.length} of ${of}`.padStart(9)}   ${next}`.trimEnd(),
      )
    }
  }
  const alone = impulses.filter((impulse) => !impulse.corroborated)
  if (alone.length > 0) say('Heard in one recording only, perhaps a knock against the phone:')
  for (const { heardIn, group } of alone)
    for (const { recording, ownSeconds } of heardIn)
      say(`  group ${group + 1}, ${printable(recording)} at ${timecode(ownSeconds)}`)
}

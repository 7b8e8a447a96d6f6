/** How right the impulsive sounds of a scene are, by the truth beside its files. */
import type { SoundTruth, TrueImpulse } from '../test/support/scene/sound-scene-truth.ts'

/** What is read of a candidate. */
export interface ScoredImpulse {
  readonly corroborated: boolean
  readonly heardIn: readonly { readonly recording: string; readonly ownSeconds: number }[]
}

export interface ImpulseScore {
  /** Bangs that stand out in two recordings or more of one clock, and those of them that are found. */
  readonly bangs: number
  readonly found: number
  /** Candidates of several recordings that no sound of the scene explains which begins at once. */
  readonly false: number
  /** Others of those: what comes within 1.2 s of one that does. */
  readonly echoes: number
  /** Of all groups' clocks together. */
  readonly seconds: number
}

/** A beginning is that of a true sound within this. */
const sameSeconds = 0.02
const echoSeconds = 1.2
/** Heard is a bang that stands so far above what 90 % of the second before and after do not exceed. */
const heardDecibels = 6
const rateHz = 8000

/** `sounds`: each recording at 8 kHz. `groups`: who is on one clock. */
export function scoreImpulses(
  truth: Pick<SoundTruth, 'impulses'>,
  sounds: ReadonlyMap<string, Float32Array>,
  groups: readonly (readonly { readonly id: string; readonly offsetSeconds: number }[])[],
  candidates: readonly ScoredImpulse[],
): ImpulseScore {
  const several = candidates.filter(({ corroborated }) => corroborated)
  const heard = truth.impulses.filter(
    (impulse) =>
      impulse.kind === 'bang' &&
      groups.some(
        (members) =>
          stands(
            impulse,
            members.map(({ id }) => id),
            sounds,
          ).length >= 2,
      ),
  )
  const unexplained = several.filter(
    (candidate) => !truth.impulses.some((impulse) => hits(candidate, impulse, 0)),
  )
  const echoes = unexplained.filter((candidate) =>
    truth.impulses.some((impulse) => hits(candidate, impulse, echoSeconds)),
  )
  return {
    bangs: heard.length,
    found: heard.filter((bang) => several.some((candidate) => hits(candidate, bang, 0))).length,
    false: unexplained.length - echoes.length,
    echoes: echoes.length,
    seconds: groups.reduce((sum, members) => sum + lengthSeconds(members, sounds), 0),
  }
}

/** Two recordings hear it when this sound, or what follows it for so long, reaches them. */
function hits(candidate: ScoredImpulse, impulse: TrueImpulse, laterSeconds: number): boolean {
  const last = impulse.lastsSeconds + laterSeconds + sameSeconds
  const at = new Map(impulse.heard.map(({ recording, ownSeconds }) => [recording, ownSeconds]))
  const hit = candidate.heardIn.filter(({ recording, ownSeconds }) => {
    const after = ownSeconds - (at.get(recording) ?? NaN)
    return after >= -sameSeconds && after <= last
  })
  return hit.length >= 2
}

/** Of these recordings those in which a bang stands out. */
function stands(
  { heard }: TrueImpulse,
  ids: readonly string[],
  sounds: ReadonlyMap<string, Float32Array>,
): readonly string[] {
  return heard.flatMap(({ recording, ownSeconds }) => {
    const sound = ids.includes(recording) ? sounds.get(recording) : undefined
    return sound && standsDecibels(sound, ownSeconds) >= heardDecibels ? [recording] : []
  })
}

/** Above 300 Hz, 4 ms at a time: the loudest of −5 to 30 ms over 90 % of the second before and after. */
function standsDecibels(sound: Float32Array, ownSeconds: number): number {
  const step = 0.004 * rateHz
  const at = Math.round(ownSeconds * rateHz)
  const from = Math.max(1, at - rateHz)
  const powers: { readonly index: number; readonly power: number }[] = []
  const fall = Math.exp((-2 * Math.PI * 300) / rateHz)
  let high = 0
  for (let start = from; start + step <= Math.min(sound.length, at + rateHz); start += step) {
    let power = 0
    for (let index = start; index < start + step; index++) {
      high = fall * (high + sound[index]! - sound[index - 1]!)
      power += high * high
    }
    powers.push({ index: start, power })
  }
  const during = (index: number, before: number, after: number): boolean =>
    index >= at - before * rateHz && index <= at + after * rateHz
  const loudest = Math.max(
    0,
    ...powers.filter(({ index }) => during(index, 0.005, 0.03)).map(({ power }) => power),
  )
  const beside = powers
    .filter(({ index }) => !during(index, 0.01, 0.1))
    .map(({ power }) => power)
    .sort((a, b) => a - b)
  return (
    10 * Math.log10((loudest + 1e-12) / ((beside[Math.floor(0.9 * beside.length)] ?? 0) + 1e-12))
  )
}

function lengthSeconds(
  members: readonly { readonly id: string; readonly offsetSeconds: number }[],
  sounds: ReadonlyMap<string, Float32Array>,
): number {
  const ends = members.map(
    ({ id, offsetSeconds }) => offsetSeconds + (sounds.get(id)?.length ?? 0) / rateHz,
  )
  return Math.max(...ends) - Math.min(...members.map(({ offsetSeconds }) => offsetSeconds))
}

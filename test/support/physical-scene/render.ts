/** What each phone of a scene hands to its encoder, and how loud each source was when. */
import { noiseFrom, seedFor } from '../scene/random.ts'
import { addDiffuseField } from './place/diffuse-field.ts'
import type { Place } from './place/place.ts'
import { addEmission } from './place/propagation.ts'
import type { Arrivals } from './place/propagation.ts'
import {
  addHandling,
  addOwnNoise,
  addTalker,
  addWind,
  leastNoisePower,
  muffle,
} from './phone/disturbances.ts'
import {
  clip,
  controlGain,
  cutGaps,
  suppressNoise,
  throughMicrophone,
  withoutOffset,
} from './phone/electronics.ts'
import type { RecordingPhone } from './phone/phone.ts'
import type { PhysicalScene } from './physical-scene.ts'
import { voiceBandPower } from './signal/filters.ts'
import { rateHz } from './signal/samples.ts'
import { addLoudness, impulsesOf, loudnessOf } from './truth.ts'
import type { Loudness, MadeImpulse } from './truth.ts'

export interface RenderedScene {
  /** By phone, at `rateHz` of the phone's own clock. */
  readonly sounds: ReadonlyMap<string, Float32Array>
  /** By place: of each of its sources, in order. */
  readonly loudness: ReadonlyMap<string, readonly Loudness[]>
  /** By place. */
  readonly impulses: ReadonlyMap<string, readonly MadeImpulse[]>
}

/** Every source is made once, and sent to all phones at its place. */
export function renderPhysicalScene(scene: PhysicalScene): RenderedScene {
  const sounds = new Map<string, Float32Array>()
  const loudness = new Map<string, Loudness[]>()
  const impulses = new Map<string, MadeImpulse[]>()
  for (const place of scene.places) {
    const phones = scene.phones.filter((phone) => phone.place === place.id)
    const arrivals = phones.map((phone) => emptyArrivals(phone))
    const made: MadeImpulse[] = []
    impulses.set(place.id, made)
    const heard = place.sources.map((source) => {
      const loud = loudnessOf(source)
      for (const emission of source.emissions()) {
        addLoudness(loud, emission)
        made.push(...impulsesOf(source, emission))
        phones.forEach((phone, index) =>
          addEmission(arrivals[index]!, place, source, emission, phone),
        )
      }
      return loud
    })
    loudness.set(place.id, heard)
    phones.forEach((phone, index) => sounds.set(phone.id, recorded(arrivals[index]!, place, phone)))
  }
  return { sounds, loudness, impulses }
}

function emptyArrivals({ durationSeconds }: RecordingPhone): Arrivals {
  const [sound, left, right] = [0, 1, 2].map(
    () => new Float32Array(Math.round(durationSeconds * rateHz)),
  ) as [Float32Array, Float32Array, Float32Array]
  return { sound, diffuse: [left, right] }
}

/** From what arrives at the phone to what its file is made from. */
function recorded(arrivals: Arrivals, place: Place, phone: RecordingPhone): Float32Array {
  const random = (name: string) => noiseFrom(seedFor(phone.seed, name))
  addDiffuseField(arrivals, place.reverberation, random('diffuse field'))
  const { sound } = arrivals
  const placePower = medianSecondPower(sound)
  const noisePower = Math.max(leastNoisePower, placePower / 10 ** (phone.snrDecibels / 10))
  if (phone.hasTalker) addTalker(sound, 62, random('talker'))
  muffle(sound, phone)
  addOwnNoise(sound, phone, place.weather, noisePower, random('own noise'))
  if (phone.wind > 0) addWind(sound, phone.wind, random('wind'))
  if (phone.handledPerMinute > 0) addHandling(sound, phone.handledPerMinute, random('handling'))
  throughMicrophone(sound, phone.microphone)
  const gain = 1 / Math.sqrt(placePower + noisePower)
  for (let index = 0; index < sound.length; index++) sound[index]! *= gain
  if (phone.gainControl !== undefined) controlGain(sound, phone.gainControl)
  if (phone.noiseSuppression !== undefined) suppressNoise(sound, phone.noiseSuppression)
  const scale = 10 ** (-phone.headroomDecibels / 20)
  for (let index = 0; index < sound.length; index++) sound[index]! *= scale
  withoutOffset(sound)
  clip(sound)
  cutGaps(sound, phone)
  return sound
}

/** Of the seconds in which there is anything at all. */
function medianSecondPower(sound: Float32Array): number {
  const powers: number[] = []
  for (let from = 0; from + rateHz / 2 <= sound.length; from += rateHz) {
    powers.push(voiceBandPower(sound.subarray(from, from + rateHz)))
  }
  const heard = powers.filter((power) => power > 1e-14).sort((a, b) => a - b)
  return heard[heard.length >> 1] ?? 0
}

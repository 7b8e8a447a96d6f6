import { metresBetween, ownTime, positionAt, sceneTime } from './scene.ts'
import type { Point, Waypoint } from './scene.ts'
import { highPass, lowPass, record } from './microphone.ts'
import { noiseFrom, seedFor } from './random.ts'
import { addDiffuseEcho, mirrored } from './sound.ts'
import type { SoundPhone, SoundPlace, SoundScene } from './sound-scene.ts'
import { soundSceneRateHz, spareSamples, talker } from './sound-scene-sources.ts'
import type { Emitter } from './sound-scene-sources.ts'
import { emissionTime } from './travel.ts'

const rateHz = soundSceneRateHz

/** What one phone records: mono in ±1 at `soundSceneRateHz`; sample k is own time k / that rate. */
export function renderSoundPhone(scene: SoundScene, phone: SoundPhone): Float32Array {
  const place = scene.places.find(({ id }) => id === phone.place)
  if (place === undefined) throw new RangeError(`the scene has no place ${phone.place}`)
  const air = new Float32Array(Math.floor(ownTime(phone, phone.endSeconds) * rateHz))
  for (const emitter of place.emitters) {
    addPath(air, phone, emitter, emitter.path, 1)
    // A bang's echo is heard from every wall, a murmur's only from the nearest two.
    const walls = emitter.kind === 'babble' || emitter.kind === 'walker' ? 2 : place.walls.length
    for (const wall of nearest(place, phone.position).slice(0, walls)) {
      // What stands beyond the wall has no image in it: that would be heard before the sound itself.
      if (!isBefore(wall, [phone.position, ...emitter.path])) continue
      addPath(air, phone, emitter, mirrored(emitter.path, wall), wall.returned)
    }
  }
  addDiffuseEcho(air, rateHz, place, place.diffuseShare)
  const shared = medianSecond(air)
  if (phone.nearTalker !== undefined) {
    addTalker(air, phone.nearTalker, shared, seedFor(phone.seed, 'near talker'))
  }
  // White hiss: 3500 of 8000 Hz of it lie where the ratio is measured.
  const noise = (shared * 10 ** (-phone.snrDecibels / 20)) / Math.sqrt(3500 / 8000)
  const { microphone } = phone
  const gain = phone.loudness / Math.hypot(shared, noise)
  record(air, {
    seed: phone.seed,
    microphone: {
      ...microphone,
      startSeconds: 0,
      noiseLevel: noise,
      ambienceLevel: noise / 2,
      gain,
      windLevel: microphone.windLevel * shared,
      handling: microphone.handling.map(({ atSeconds, level }) => ({
        atSeconds,
        level: level * shared,
      })),
      gainControl:
        microphone.gainControl.kind === 'none'
          ? microphone.gainControl
          : { ...microphone.gainControl, target: phone.loudness },
    },
  })
  return air
}

/** Whether all of these stand on one side of the wall. */
function isBefore(wall: SoundPlace['walls'][number], points: readonly Point[]): boolean {
  const sides = points.map((point) =>
    Math.sign((wall.axis === 'x' ? point.xMetres : point.yMetres) - wall.atMetres),
  )
  return sides.every((side) => side === sides[0])
}

function nearest(place: SoundPlace, from: Point) {
  const away = ({ axis, atMetres }: SoundPlace['walls'][number]): number =>
    Math.abs(atMetres - (axis === 'x' ? from.xMetres : from.yMetres))
  return place.walls.toSorted((one, two) => away(one) - away(two))
}

/** Exact travel at block ends; in between it is interpolated (a car moves 0.3 m in 16 ms). */
const blockSamples = 256

function addPath(
  air: Float32Array,
  phone: SoundPhone,
  emitter: Emitter,
  path: readonly Waypoint[],
  strength: number,
): void {
  // No sound outside these blocks, travel of up to 4 s included.
  const firstOwn = ownTime(phone, emitter.atSeconds)
  const lastOwn = ownTime(phone, emitter.atSeconds + emitter.durationSeconds + 4)
  const first = Math.max(0, Math.floor((firstOwn * rateHz) / blockSamples) * blockSamples)
  const last = Math.min(air.length, lastOwn * rateHz)
  if (first >= last) return
  const signal = emitter.signal()
  const period = emitter.repeats ? signal.length - spareSamples : Infinity
  const total = emitter.durationSeconds * rateHz
  const stays = path.length === 1
  let from = hearing(phone, emitter, path, first / rateHz)
  for (let start = first; start < last; start += blockSamples) {
    const end = Math.min(air.length, start + blockSamples)
    const to = stays
      ? { index: from.index + phone.rate * blockSamples, level: from.level }
      : hearing(phone, emitter, path, (start + blockSamples) / rateHz)
    if (to.index >= 0 && from.index < total) {
      const whole = from.index >= 0 && to.index < total
      const step = (to.index - from.index) / blockSamples
      const levelStep = (strength * (to.level - from.level)) / blockSamples
      let level = strength * from.level
      const periods = period === Infinity ? 0 : Math.max(0, Math.floor(from.index / period))
      let position = from.index - (periods === 0 ? 0 : periods * period)
      for (let sample = start; sample < end; sample++) {
        if (whole || (position >= 0 && from.index + (sample - start) * step < total)) {
          air[sample]! += level * hermite(signal, position)
        }
        position += step
        level += levelStep
      }
    }
    from = to
  }
}

function hearing(
  phone: SoundPhone,
  emitter: Emitter,
  path: readonly Waypoint[],
  ownSeconds: number,
) {
  const arrival = sceneTime(phone, ownSeconds)
  const emission = emissionTime(path, phone.position, arrival)
  const distance = Math.max(1, metresBetween(positionAt(path, emission), phone.position))
  return { index: (emission - emitter.atSeconds) * rateHz, level: emitter.level / distance }
}

/** Catmull-Rom from sample `floor(position) − 1` on; the caller keeps it inside the signal. */
function hermite(signal: Float32Array, position: number): number {
  const index = position | 0
  const share = position - index
  const a = index > 0 ? signal[index - 1]! : 0
  const b = signal[index]!
  const c = signal[index + 1]!
  const d = signal[index + 2]!
  const slope = 0.5 * (c - a)
  const nextSlope = 0.5 * (d - b)
  const rise = b - c
  return (
    ((2 * rise + slope + nextSlope) * share - 3 * rise - 2 * slope - nextSlope) * share * share +
    slope * share +
    b
  )
}

/** Sentences with pauses between them, right beside the microphone. */
function addTalker(
  air: Float32Array,
  near: NonNullable<SoundPhone['nearTalker']>,
  shared: number,
  seed: number,
): void {
  const random = noiseFrom(seed)
  const level = shared * 10 ** (near.decibels / 20)
  for (let at = random.between(0, 10); at * rateHz < air.length;) {
    const seconds = random.between(2, 12)
    const voice = talker(random.integer(1, 1e9), seconds)
    const start = Math.floor(at * rateHz)
    const end = Math.min(air.length, start + voice.length)
    for (let index = start; index < end; index++) air[index]! += level * voice[index - start]!
    at += seconds / near.share
  }
}

/** Root mean square from 200 to 3700 Hz of the median second. */
function medianSecond(air: Float32Array): number {
  const band = air.slice()
  highPass(band, 200 / rateHz)
  lowPass(band, 3700 / rateHz)
  const seconds: number[] = []
  for (let start = 0; start + rateHz <= band.length; start += rateHz) {
    let sum = 0
    for (let index = start; index < start + rateHz; index++) sum += band[index]! * band[index]!
    seconds.push(Math.sqrt(sum / rateHz))
  }
  return Math.max(1e-6, seconds.sort((a, b) => a - b)[seconds.length >> 1] ?? 0)
}

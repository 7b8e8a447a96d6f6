/**
 * In: one recording's sound, mono at 8 kHz. Out: the onsets of its impulsive
 * sounds in own time. What is called impulsive rises within milliseconds in a
 * broad band, stands clear of the loud parts of the seconds about it, and is
 * over soon. What made it is not asked: a knock against the phone is found like
 * a bang in the street. Guaranteed: each onset once, in order of time, the same
 * for the same samples.
 */
import {
  impulseLevels,
  levelAt,
  prominencesOf,
  roomForLevels,
  soundRateHz,
  stepSamples,
  stepsPerSecond,
} from './impulse-levels.ts'
import type { ImpulseLevels, LevelsRoom } from './impulse-levels.ts'
import { shapeAt, type ImpulseShape } from './impulse-shape.ts'

export interface ImpulseOnset {
  /** The recording's own time at which the sound begins. */
  readonly ownSeconds: number
  /** 95 % half-width of that beginning. */
  readonly errorSeconds: number
  /** By how much it stands above the loud parts of the 4 s before and after, mean of three bands. */
  readonly prominenceDb: number
  /** By how much it is louder than the loudest of the 6 to 30 ms before it, mean of three bands. */
  readonly riseDb: number
  /** Its first 10 ms, dB of full scale; gain control makes it no measure of distance. */
  readonly levelDb: number
  /** The recording is overdriven there: the level is a least value. */
  readonly clipped: boolean
  readonly shape: ImpulseShape
}

/** Sound that is read in pieces; index 0 is own time 0. */
export interface SoundPieces {
  /** In samples at 8 kHz. */
  readonly length: number
  /** Fills `into` with the samples from index `from` on, zero outside the recording. */
  read(from: number, into: Float32Array): void
}

export const weakestProminenceDb = 2.5
const weakestRiseDb = 4
const weakestDecayDb = 4
/** What gain control holds down behind a knock is hardly prominent, but rises and falls so steeply. */
const steep = { prominenceDb: 0.8, riseDb: 14, decayDb: 10 }
/** What overdrives the recording stays at full scale for a while, echo and all. */
const loud = { riseDb: 10, laterDecayDb: 6 }
/** Share of the peak's prominence at which its front stands; less where a bullet's crack comes first. */
const nearlyShare = { own: 0.7, crack: 0.4 }
/** Two beginnings nearer than this are one. */
const apartSteps = 10
const pieceSeconds = 120
/** What a piece is heard with on both sides, for floors and filters to settle. */
const marginSeconds = 5

export function findImpulseOnsets(sound: Float32Array | SoundPieces): readonly ImpulseOnset[] {
  const onsets: ImpulseOnset[] = []
  const piece = pieceSeconds * soundRateHz
  const margin = marginSeconds * soundRateHz
  const longest = new Float32Array(Math.min(sound.length, piece + 2 * margin))
  const room = roomForLevels(longest.length)
  for (let start = 0; start < sound.length; start += piece) {
    const from = Math.max(0, start - margin)
    const to = Math.min(sound.length, start + piece + margin)
    const samples = longest.subarray(0, to - from)
    read(sound, from, samples)
    const end = (start + piece) / soundRateHz
    for (const onset of onsetsOfPiece(samples, from / soundRateHz, room)) {
      const last = onsets.at(-1)
      if (onset.ownSeconds < start / soundRateHz || onset.ownSeconds >= end) continue
      if (last && onset.ownSeconds - last.ownSeconds < apartSteps / stepsPerSecond) continue
      onsets.push(onset)
    }
  }
  return onsets
}

function read(sound: Float32Array | SoundPieces, from: number, into: Float32Array): void {
  if (sound instanceof Float32Array) into.set(sound.subarray(from, from + into.length))
  else sound.read(from, into)
}

function onsetsOfPiece(
  samples: Float32Array,
  startSeconds: number,
  room: LevelsRoom,
): ImpulseOnset[] {
  const levels = levelsOf(samples, room)
  const prominences = prominencesOf(levels)
  const onsets: ImpulseOnset[] = []
  for (let peak = 0; (peak = nextPeak(prominences, peak)) < prominences.length; peak++) {
    const prominenceDb = prominences[peak]!
    const mustBeSteep = prominenceDb < weakestProminenceDb
    const weakest = mustBeSteep ? steep.riseDb : weakestRiseDb
    const found = steepFront(levels, [
      { step: frontOf(prominences, peak, nearlyShare.own), leastDb: weakest },
      { step: peak, leastDb: weakest },
      { step: frontOf(prominences, peak, nearlyShare.crack), leastDb: loud.riseDb },
    ])
    if (!found) continue
    const { front, riseDb } = found
    const dies =
      decayAt(levels, peak, soonSteps) >= (mustBeSteep ? steep.decayDb : weakestDecayDb) ||
      (!mustBeSteep &&
        riseDb >= loud.riseDb &&
        decayAt(levels, peak, laterSteps) >= loud.laterDecayDb)
    if (!dies || isSilentBefore(samples, front)) continue
    const { index, errorSeconds } = beginning(levels.sound, front)
    onsets.push({
      ownSeconds: startSeconds + index / soundRateHz,
      errorSeconds,
      prominenceDb,
      riseDb,
      levelDb: levelFrom(samples, index),
      clipped: isClipped(samples, index),
      shape: shapeAt(levels.sound, index),
    })
  }
  return onsets
}

function levelsOf(samples: Float32Array, room: LevelsRoom): ImpulseLevels {
  const levels = impulseLevels(samples, room)
  if (Number.isFinite(levels.sound.at(-1) ?? 0)) return levels
  // Not-a-number poisons the filter from there on to the end.
  for (let index = 0; index < samples.length; index++) {
    if (!Number.isFinite(samples[index])) samples[index] = 0
  }
  return impulseLevels(samples, room)
}

/** The next step from there on that may be an onset; the number of steps if there is none. */
function nextPeak(prominences: Float32Array, from: number): number {
  let step = from
  while (step < prominences.length) {
    if (prominences[step]! >= steep.prominenceDb && isHighest(prominences, step)) break
    step++
  }
  return step
}

function isHighest(values: Float32Array, at: number): boolean {
  const value = values[at]!
  for (let other = at - apartSteps; other <= at + apartSteps; other++) {
    const beside = values[other] ?? 0
    if (beside > value || (beside === value && other < at)) return false
  }
  return true
}

/** The step that is first nearly as prominent: an overdriven sound goes on at full scale. */
function frontOf(prominences: Float32Array, peak: number, share: number): number {
  let front = Math.max(0, peak - apartSteps)
  while (prominences[front]! < share * prominences[peak]!) front++
  return front
}

/** The first of these steps that rises enough, and by how much it does. */
function steepFront(
  levels: ImpulseLevels,
  steps: readonly { readonly step: number; readonly leastDb: number }[],
): { readonly front: number; readonly riseDb: number } | undefined {
  for (const { step, leastDb } of steps) {
    const riseDb = riseAt(levels, step)
    if (riseDb >= leastDb) return { front: step, riseDb }
  }
  return undefined
}

/** A recording's own beginning, and where sound comes back after a gap, is no onset of anything. */
function isSilentBefore(samples: Float32Array, step: number): boolean {
  const from = step * stepSamples - 480
  if (from < 0) return true
  let heard = 0
  for (let index = from; index < from + 400; index++) if (samples[index] !== 0) heard += 1
  return heard < 40
}

/** Mean over the bands: by how much a step is louder than the loudest of the 6 to 30 ms before it. */
function riseAt({ bands }: ImpulseLevels, step: number): number {
  let sum = 0
  for (const band of bands) {
    let before = -Infinity
    for (let other = step - 15; other <= step - 4; other++) {
      before = Math.max(before, levelAt(band, Math.max(0, other)))
    }
    sum += levelAt(band, step) - before
  }
  return sum / bands.length
}

/** After a step: 40 to 120 ms, and 250 to 500 ms. */
const soonSteps = [20, 60] as const
const laterSteps = [125, 250] as const

/** Mean over the bands: by how much a step is louder than the middle of these after it. */
function decayAt(
  { bands }: ImpulseLevels,
  step: number,
  [from, to]: readonly [number, number],
): number {
  let sum = 0
  for (const band of bands) {
    const after = Float32Array.from(
      { length: Math.max(0, Math.min(to - from, band.powers.length - step - from)) },
      (_, later) => levelAt(band, step + from + later),
    ).sort()
    sum += after.length === 0 ? 0 : levelAt(band, step) - after[after.length >> 1]!
  }
  return sum / bands.length
}

/**
 * Where the sound begins: the first sample whose half millisecond stands above
 * the geometric mean of before and peak, and within 14 dB of the peak: the
 * pre-echo of codecs lies lower.
 */
function beginning(sound: Float32Array, step: number) {
  const rough = step * stepSamples
  let peakAt = rough
  let peak = 0
  for (let index = rough - 32; index < rough + 64; index++) {
    const level = loudness(sound, index)
    if (level > peak) {
      peak = level
      peakAt = index
    }
  }
  let before = 0
  for (let index = peakAt - 320; index < peakAt - 96; index++) before += loudness(sound, index)
  before /= 224
  const threshold = Math.max(peak * 0.2, Math.min(0.7 * peak, Math.sqrt(before * peak)))
  let index = Math.max(0, peakAt - 80)
  while (index < peakAt && loudness(sound, index) < threshold) index++
  return { index, errorSeconds: 0.001 + (0.5 * (peakAt - index)) / soundRateHz }
}

/** Root mean square of the half millisecond about a sample. */
function loudness(sound: Float32Array, index: number): number {
  let sum = 0
  for (let near = index - 1; near <= index + 2; near++) sum += (sound[near] ?? 0) ** 2
  return Math.sqrt(sum / 4)
}

function levelFrom(samples: Float32Array, index: number): number {
  let sum = 0
  for (let at = index; at < index + 80; at++) sum += (samples[at] ?? 0) ** 2
  return 10 * Math.log10(sum / 80 + 1e-12)
}

/** Two samples in a row at full scale, or more than full scale: resampling rounds the tops off. */
function isClipped(samples: Float32Array, index: number): boolean {
  let full = 0
  for (let at = index; at < index + 160; at++) {
    const size = Math.abs(samples[at] ?? 0)
    full = size >= 0.97 ? full + 1 : 0
    if (full >= 2 || size > 1.02) return true
  }
  return false
}

/** Recordings cut together from pieces, and recordings that were uploaded again, of a scene's files. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { codec, codecNames } from './phone-channel.ts'
import { randomFrom, seedFor } from './random.ts'
import type { Random } from './random.ts'
import { decodeSound, encodeSound, writeTruth } from './sound-files.ts'
import type { SoundScene } from './sound-scene.ts'
import { soundSceneRateHz } from './sound-scene-sources.ts'
import { trueImpulses, truePairs } from './sound-scene-truth.ts'
import type { SoundTruth, TruePiece, TrueSoundRecording } from './sound-scene-truth.ts'

export interface EditOptions {
  readonly seed: number
  /** How many recordings are cut together, 1 to 6 cuts each. */
  readonly edits: number
  /** How many are stored again: another codec, trimmed start, another level. */
  readonly reuploads: number
  /** The edited ones stand instead of their originals; they stay beside them unless given. */
  readonly instead?: boolean
}

const shortestPieceSeconds = 5
const shortestGapSeconds = 2

/**
 * Writes `…-edited` and `…-again` files beside a scene's files and truth.json
 * anew. The longest recordings of the incident are taken.
 */
export async function writeEdits(
  scene: SoundScene,
  truth: SoundTruth,
  folder: string,
  options: EditOptions,
): Promise<SoundTruth> {
  const longest = truth.recordings
    .filter(({ place }) => place === scene.places[0]?.id)
    .toSorted((a, b) => b.durationSeconds - a.durationSeconds)
  const edited = await Promise.all(
    longest
      .slice(0, options.edits)
      .map((original) => writeEdited(original, folder, seedFor(options.seed, original.id))),
  )
  const again = await Promise.all(
    longest
      .slice(0, options.reuploads)
      .map((original) => writeAgain(original, folder, seedFor(options.seed, original.id))),
  )
  const replaced = options.instead === true ? longest.slice(0, options.edits) : []
  await Promise.all(replaced.map(({ file }) => rm(join(folder, file))))
  const recordings = [
    ...truth.recordings.filter((recording) => !replaced.includes(recording)),
    ...edited,
    ...again,
  ]
  const whole = {
    ...truth,
    recordings,
    pairs: truePairs(scene, recordings),
    impulses: trueImpulses(scene, recordings),
  }
  await writeTruth(whole, folder)
  return whole
}

async function writeEdited(
  original: TrueSoundRecording,
  folder: string,
  seed: number,
): Promise<TrueSoundRecording> {
  const random = randomFrom(seedFor(seed, 'edit'))
  const samples = await decodeSound(join(folder, original.file), soundSceneRateHz)
  const edit = editRecording(samples, original, random.integer(1, 6), random)
  const named = { ...original, id: `${original.id}-edited`, of: original.id, pieces: edit.pieces }
  return write(named, edit.samples, folder, random)
}

async function writeAgain(
  original: TrueSoundRecording,
  folder: string,
  seed: number,
): Promise<TrueSoundRecording> {
  const random = randomFrom(seedFor(seed, 'again'))
  const samples = await decodeSound(join(folder, original.file), soundSceneRateHz)
  const most = Math.min(20, 0.4 * original.durationSeconds)
  const trimmed = Math.round(random.between(0, most) * soundSceneRateHz)
  const level = 10 ** (random.between(-12, 3) / 20)
  const startSeconds = original.startSeconds + (original.rate * trimmed) / soundSceneRateHz
  const named = { ...original, id: `${original.id}-again`, of: original.id, startSeconds }
  const kept = samples.slice(trimmed).map((sample) => Math.max(-1, Math.min(1, level * sample)))
  return write(named, kept, folder, random)
}

/** In a codec that editors and sites use; the truth moves by that codec's delay. */
async function write(
  recording: TrueSoundRecording,
  samples: Float32Array,
  folder: string,
  random: Random,
): Promise<TrueSoundRecording> {
  const others = codecNames.filter(
    (name) => name !== recording.codec && /^(?:aac|opus|mp3)/.test(name),
  )
  const name = random.pick(others)
  const { ending, sampleRateHz, delaySeconds } = codec(name)
  const file = `${recording.id}.${ending}`
  await encodeSound(samples, name, join(folder, file))
  return {
    ...recording,
    file,
    codec: name,
    sampleRateHz,
    startSeconds: recording.startSeconds - recording.rate * delaySeconds,
    durationSeconds: samples.length / soundSceneRateHz + delaySeconds,
    ...(recording.pieces === undefined
      ? {}
      : { pieces: recording.pieces.map((piece) => later(piece, delaySeconds)) }),
  }
}

function later(piece: TruePiece, delaySeconds: number): TruePiece {
  return {
    fromSeconds: piece.fromSeconds + delaySeconds,
    toSeconds: piece.toSeconds + delaySeconds,
    startSeconds: piece.startSeconds - piece.rate * delaySeconds,
    rate: piece.rate,
  }
}

/**
 * Leaves out a gap of 2 s or more at each cut; what stays keeps its order, in
 * pieces of 5 s or more. Fewer cuts where the recording is too short for them.
 */
export function editRecording(
  samples: Float32Array,
  recording: Pick<TrueSoundRecording, 'startSeconds' | 'rate'>,
  cuts: number,
  random: Random,
): { readonly samples: Float32Array; readonly pieces: readonly TruePiece[] } {
  const seconds = samples.length / soundSceneRateHz
  const possible = Math.floor(
    (seconds - shortestPieceSeconds) / (shortestPieceSeconds + shortestGapSeconds),
  )
  const count = Math.max(0, Math.min(cuts, possible))
  const spare = seconds - (count + 1) * shortestPieceSeconds - count * shortestGapSeconds
  // The spare time falls to pieces and gaps by chance, to gaps a third of it.
  const pieceShares = shares(count + 1, (2 / 3) * spare, random)
  const gapShares = shares(count, spare / 3, random)
  const kept: Float32Array[] = []
  const pieces: TruePiece[] = []
  let from = 0
  let length = 0
  for (let piece = 0; piece <= count; piece++) {
    const wanted = Math.floor((shortestPieceSeconds + pieceShares[piece]!) * soundSceneRateHz)
    const end = piece === count && count === 0 ? samples.length : from + wanted
    kept.push(samples.subarray(from, end))
    const taken = end - from
    pieces.push({
      fromSeconds: length / soundSceneRateHz,
      toSeconds: (length + taken) / soundSceneRateHz,
      startSeconds: recording.startSeconds + (recording.rate * (from - length)) / soundSceneRateHz,
      rate: recording.rate,
    })
    length += taken
    from = end + Math.ceil((shortestGapSeconds + (gapShares[piece] ?? 0)) * soundSceneRateHz)
  }
  const whole = new Float32Array(length)
  let at = 0
  for (const part of kept) {
    whole.set(part, at)
    at += part.length
  }
  return { samples: whole, pieces }
}

/** `count` parts by chance that add up to `total`. */
function shares(count: number, total: number, random: Random): number[] {
  const weights = Array.from({ length: count }, () => random.between(0.1, 1))
  const sum = weights.reduce((all, weight) => all + weight, 0)
  return weights.map((weight) => (total * weight) / sum)
}

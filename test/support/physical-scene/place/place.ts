/** A place where sounds are made and phones record: plain data, but for the sounds themselves. */
import type { Waypoint } from '../../scene/scene.ts'
import type { Rectangle } from './geometry.ts'

export const placeKinds = [
  'street',
  'demonstration',
  'stadium',
  'alarm',
  'hall',
  'night',
  'rain',
] as const

export type PlaceKind = (typeof placeKinds)[number]

/** Something that stands or moves at one height. */
export interface Mover {
  readonly path: readonly Waypoint[]
  readonly heightMetres: number
}

/** Sound as it leaves a source from this scene time on: pascals at 1 m, at `rateHz`, times the gain. */
export interface Emission {
  readonly atSeconds: number
  readonly samples: Float32Array
  readonly gain: number
  /** A sound that begins at once and is soon over: what it is, and where in the samples it begins. */
  readonly impulse?: { readonly kind: 'bang' | 'other'; readonly fromSeconds: number }
}

export interface Source extends Mover {
  readonly id: string
  /** In order of time. The same each time it is asked for. */
  readonly emissions: () => Iterable<Emission>
}

/**
 * A mirror image of every source: x' = xFlip · x + xShift, and so for y. What a
 * façade's houses or gaps give back differs along it.
 */
export interface Image {
  readonly xFlip: 1 | -1
  readonly xShiftMetres: number
  readonly yFlip: 1 | -1
  readonly yShiftMetres: number
  /** In the ground. */
  readonly below: boolean
  readonly gain: number
  readonly cutHz: number
  /** Of houses of 14 m along the façade, repeating: their share. Empty: even. */
  readonly houses: readonly number[]
}

export interface Reverberation {
  /** In which the middle frequencies fall by 60 dB. */
  readonly seconds: number
  /** Frequency from which it dies away faster. */
  readonly cutHz: number
  /** Where the diffuse sound is as loud as the direct one. */
  readonly criticalMetres: number
  /** How far away its level falls to half; a closed room has it the same everywhere. */
  readonly reachMetres: number
}

export interface Place {
  readonly id: string
  readonly kind: PlaceKind
  /** From scene time 0 on something may sound. */
  readonly durationSeconds: number
  readonly sources: readonly Source[]
  readonly images: readonly Image[]
  readonly reverberation: Reverberation
  /** Where phones stand. */
  readonly bystanders: Rectangle
  readonly weather: 'dry' | 'rain' | 'indoors'
}

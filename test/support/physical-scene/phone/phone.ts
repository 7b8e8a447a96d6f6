/** A phone that records: where it is, when, and what its hands, its electronics and its file do to sound. */
import type { CodecName } from '../../scene/phone-channel.ts'
import type { Listener } from '../place/propagation.ts'

export interface RecordingPhone extends Listener {
  readonly id: string
  readonly place: string
  readonly seed: number
  /** Own time in which it ends. */
  readonly durationSeconds: number
  /** The place in its median second over the phone's own noise, 200 to 3700 Hz; wind, hands and a talker come on top. */
  readonly snrDecibels: number
  readonly codec: CodecName
  readonly microphone: Microphone
  /** 0 is still air, 1 a gale. */
  readonly wind: number
  /** Thumps and rubs of a hand. */
  readonly handledPerMinute: number
  /** Somebody speaks softly right beside this phone. */
  readonly hasTalker: boolean
  readonly gainControl: GainControl | undefined
  readonly noiseSuppression: NoiseSuppression | undefined
  /** How far the median second lies under full scale. */
  readonly headroomDecibels: number
  /** Stretches of own time in a pocket or under a thumb. */
  readonly muffled: readonly { fromSeconds: number; toSeconds: number; cutHz: number }[]
  /** Stretches of own time without sound. */
  readonly gaps: readonly { fromSeconds: number; toSeconds: number }[]
}

export interface Microphone {
  readonly lowCutHz: number
  readonly highCutHz: number
  readonly peaks: readonly { readonly middleHz: number; readonly decibels: number }[]
  /** Where its noise begins to fall off. */
  readonly noiseCutHz: number
}

export interface GainControl {
  readonly attackSeconds: number
  readonly releaseSeconds: number
  readonly mostDecibels: number
  /** 1: all the same loudness; 0: nothing done. */
  readonly slope: number
}

export interface NoiseSuppression {
  /** Of what is taken for noise, negative. */
  readonly floorDecibels: number
  readonly overSubtraction: number
}

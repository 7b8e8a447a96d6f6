/**
 * What a scene is: places, things that sound, things that move, and phones
 * that record them. Plain data; sound.ts, picture.ts and render.ts make files of it.
 *
 * Scene time is one clock in seconds, from 0. A phone's own time is the
 * presentation time in its file: scene time = startSeconds + rate × own time.
 */
export { randomScene } from './random-scene.ts'

export interface Point {
  readonly xMetres: number
  readonly yMetres: number
}

export interface Waypoint extends Point {
  /** Scene time. Between waypoints the movement is straight and even. */
  readonly atSeconds: number
}

export type SoundKind = 'bang' | 'voice' | 'siren' | 'vehicle' | 'bell' | 'thump'

export interface SoundSource {
  readonly id: string
  /** Phones at another place hear and see nothing of it. */
  readonly place: string
  readonly kind: SoundKind
  /** Scene time at which it leaves the source. */
  readonly atSeconds: number
  readonly durationSeconds: number
  readonly path: readonly Waypoint[]
  /** Amplitude at one metre; 1 is full scale of a microphone at gain 1. */
  readonly level: number
  readonly seed: number
  /** A flash of light seen at the same scene time. */
  readonly flash?: { readonly heightMetres: number; readonly hiddenFrom: readonly string[] }
}

export type Colour = readonly [red: number, green: number, blue: number]

interface Moving {
  readonly id: string
  readonly place: string
  readonly path: readonly Waypoint[]
}

export interface Person extends Moving {
  readonly kind: 'person'
  readonly heightMetres: number
  readonly clothes: Colour
  readonly hair: Colour
  /** A reflecting band across the chest. */
  readonly band?: Colour
}

export interface Vehicle extends Moving {
  readonly kind: 'vehicle'
  readonly size: {
    readonly lengthMetres: number
    readonly widthMetres: number
    readonly heightMetres: number
  }
  readonly paint: Colour
  /** Where the front points, counted from +x towards +y. */
  readonly headingDegrees: number
  /** Scene time from which the lights are on; absent: off. */
  readonly lightsFromSeconds?: number
  /** Figures inside, along the length from the front (0) to the rear (1). */
  readonly figures: readonly {
    readonly along: number
    readonly side: -1 | 1
    readonly small: boolean
  }[]
}

export type Actor = Person | Vehicle

/** A building, or anything else that stands: a box on the ground. */
export interface Block {
  readonly from: Point
  readonly to: Point
  readonly heightMetres: number
  readonly colour: Colour
  readonly windows: boolean
}

/** A flat patch of ground, drawn in the order given. */
export interface Patch {
  readonly corners: readonly Point[]
  readonly colour: Colour
}

export interface Place {
  readonly id: string
  readonly light: 'day' | 'dusk' | 'night'
  readonly ground: Colour
  readonly patches: readonly Patch[]
  readonly blocks: readonly Block[]
  /** Long walls that return an early echo: a line x = at or y = at. */
  readonly walls: readonly {
    readonly axis: 'x' | 'y'
    readonly atMetres: number
    readonly returned: number
  }[]
  /** Seconds for the diffuse echo to fall by 60 dB. */
  readonly echoSeconds: number
}

export interface Microphone {
  readonly sampleRateHz: number
  /** Own time of the first sample; the picture may begin earlier or later. */
  readonly startSeconds: number
  /** Root mean square of the microphone's own hiss, full scale 1. */
  readonly noiseLevel: number
  /** Root mean square of the surroundings that only this phone hears. */
  readonly ambienceLevel: number
  readonly lowCutHz: number
  readonly highCutHz: number
  readonly gain: number
  readonly gainControl:
    | { readonly kind: 'none' }
    | {
        readonly kind: 'automatic'
        readonly target: number
        readonly maximum: number
        readonly releaseSeconds: number
      }
  /** Peak root mean square of gusts. */
  readonly windLevel: number
  /** Knocks against the phone, in own time. */
  readonly handling: readonly { readonly atSeconds: number; readonly level: number }[]
}

/** Frames a second as a fraction, for example 30000/1001. */
export interface FrameRate {
  readonly frames: number
  readonly seconds: number
}

export interface Camera {
  /** As displayed, after the rotation flag is applied. */
  readonly widthPixels: number
  readonly heightPixels: number
  /** Clockwise turn that a player applies to the stored picture. */
  readonly rotationDegrees: 0 | 90 | 180 | 270
  readonly frameRate: FrameRate
  /** Absent: constant frame rate. Jitter is uniform, ± this share of a frame's length. */
  readonly variable?: { readonly jitter: number; readonly droppedShare: number }
  /** Own time of the first frame. */
  readonly startSeconds: number
  readonly heightMetres: number
  readonly lookAt: Point
  readonly lookAtHeightMetres: number
  /** Horizontal field of view, as displayed. */
  readonly fieldOfViewDegrees: number
}

export type FileFormat = 'mp4-h264-aac' | 'mov-hevc-aac' | 'webm-vp9-opus' | '3gp-mpeg4-aac'

export interface Phone {
  readonly id: string
  readonly place: string
  readonly position: Point
  /** Scene times of own time 0 and of the last moment recorded. */
  readonly startSeconds: number
  readonly endSeconds: number
  /** Scene seconds for each second of the phone's own clock. */
  readonly rate: number
  readonly camera: Camera
  readonly microphone: Microphone
  readonly format: FileFormat
  readonly seed: number
}

export interface Scene {
  readonly seed: number
  readonly durationSeconds: number
  /** The first place is the incident's; phones elsewhere are unrelated. */
  readonly places: readonly Place[]
  readonly sounds: readonly SoundSource[]
  readonly actors: readonly Actor[]
  /** A phone's number in the drawn code is its index here, 0 to 15. */
  readonly phones: readonly Phone[]
}

export function positionAt(path: readonly Waypoint[], sceneSeconds: number): Point {
  let before = path[0]
  if (before === undefined) throw new RangeError('a path needs at least one waypoint')
  for (const after of path) {
    if (after.atSeconds >= sceneSeconds) {
      const span = after.atSeconds - before.atSeconds
      const share = span > 0 ? Math.max(0, (sceneSeconds - before.atSeconds) / span) : 0
      return {
        xMetres: before.xMetres + share * (after.xMetres - before.xMetres),
        yMetres: before.yMetres + share * (after.yMetres - before.yMetres),
      }
    }
    before = after
  }
  return { xMetres: before.xMetres, yMetres: before.yMetres }
}

export function sceneTime(phone: Pick<Phone, 'startSeconds' | 'rate'>, ownSeconds: number): number {
  return phone.startSeconds + phone.rate * ownSeconds
}

export function ownTime(phone: Pick<Phone, 'startSeconds' | 'rate'>, sceneSeconds: number): number {
  return (sceneSeconds - phone.startSeconds) / phone.rate
}

export function metresBetween(a: Point, b: Point): number {
  return Math.hypot(a.xMetres - b.xMetres, a.yMetres - b.yMetres)
}

export function placeOf(scene: Scene, id: string): Place {
  const place = scene.places.find((candidate) => candidate.id === id)
  if (place === undefined) throw new RangeError(`the scene has no place ${id}`)
  return place
}

export function isRelated(scene: Scene, phone: Phone): boolean {
  return phone.place === scene.places[0]?.id
}

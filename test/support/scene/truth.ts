import { frameTimesSeconds } from './frame-times.ts'
import { isRelated, positionAt } from './scene.ts'
import type { FileFormat, Phone, Point, Scene, SoundKind } from './scene.ts'

/** truth.json: what was put into a scene's files. Scene time = startSeconds + rate × own time. */
export interface Truth {
  readonly seed: number
  readonly recordings: readonly TrueRecording[]
  readonly sounds: readonly TrueSound[]
}

export interface TrueRecording {
  readonly id: string
  /** The number in the drawn code. */
  readonly phone: number
  readonly file: string
  /** False: recorded at another place; shares no sound with the others. */
  readonly related: boolean
  readonly startSeconds: number
  readonly rate: number
  readonly position: Point
  readonly frameRate: string
  readonly variableFrameRate: boolean
  readonly codec: FileFormat
  readonly rotationDegrees: number
  /** As displayed. */
  readonly widthPixels: number
  readonly heightPixels: number
  readonly audioStartSeconds: number
  readonly audioSampleRateHz: number
  /** Own time of each frame, by its drawn index. */
  readonly frameTimesSeconds: readonly number[]
}

export interface TrueSound {
  readonly id: string
  readonly kind: SoundKind
  readonly place: string
  /** Scene time at the source, before any travel. */
  readonly atSeconds: number
  readonly durationSeconds: number
  /** Where the source is at atSeconds. */
  readonly position: Point
}

const endings: Readonly<Record<FileFormat, string>> = {
  'mp4-h264-aac': 'mp4',
  'mov-hevc-aac': 'mov',
  'webm-vp9-opus': 'webm',
  '3gp-mpeg4-aac': '3gp',
}

export function fileNameOf(phone: Phone): string {
  return `${phone.id}.${endings[phone.format]}`
}

export function truthOf(scene: Scene): Truth {
  return {
    seed: scene.seed,
    recordings: scene.phones.map((phone, index) => recordingOf(scene, phone, index)),
    sounds: scene.sounds.map((sound) => ({
      id: sound.id,
      kind: sound.kind,
      place: sound.place,
      atSeconds: sound.atSeconds,
      durationSeconds: sound.durationSeconds,
      position: positionAt(sound.path, sound.atSeconds),
    })),
  }
}

function recordingOf(scene: Scene, phone: Phone, index: number): TrueRecording {
  const { camera, microphone } = phone
  const { frames, seconds } = camera.frameRate
  return {
    id: phone.id,
    phone: index,
    file: fileNameOf(phone),
    related: isRelated(scene, phone),
    startSeconds: phone.startSeconds,
    rate: phone.rate,
    position: phone.position,
    frameRate: `${frames}/${seconds}`,
    variableFrameRate: camera.variable !== undefined,
    codec: phone.format,
    rotationDegrees: camera.rotationDegrees,
    widthPixels: camera.widthPixels,
    heightPixels: camera.heightPixels,
    audioStartSeconds: microphone.startSeconds,
    audioSampleRateHz: microphone.sampleRateHz,
    frameTimesSeconds: frameTimesSeconds(phone),
  }
}

import { frameTimesSeconds } from './frame-times.ts'
import { isFlashVisible } from './picture.ts'
import { isRelated, positionAt, sceneTime } from './scene.ts'
import type { Phone, Scene } from './scene.ts'
import { viewFrom } from './view.ts'

/** A sudden change in the picture that several phones see: it ties their clocks without sound. */
export interface VisualAnchor {
  readonly event: string
  readonly phone: string
  /** Own time: the middle between the last frame without and the first with it. */
  readonly ownSeconds: number
  /** Half that gap. */
  readonly uncertaintySeconds: number
  readonly firstFrame: number
}

/** Every flash, and every vehicle's lights going on, in every related phone that shows it. */
export function visualAnchors(scene: Scene): VisualAnchor[] {
  return scene.phones
    .flatMap((phone) =>
      isRelated(scene, phone) ? [...flashAnchors(scene, phone), ...lightAnchors(scene, phone)] : [],
    )
    .sort((a, b) => a.event.localeCompare(b.event))
}

function flashAnchors(scene: Scene, phone: Phone): VisualAnchor[] {
  return scene.sounds.flatMap((sound) => {
    const { xMetres, yMetres } = positionAt(sound.path, sound.atSeconds)
    const seen = viewFrom(phone).spot([xMetres, yMetres, sound.flash?.heightMetres ?? 0])
    if (seen === undefined || !isInside(phone, seen)) return []
    return anchorAt(sound.id, phone, (time) => isFlashVisible(sound, phone, time))
  })
}

function lightAnchors(scene: Scene, phone: Phone): VisualAnchor[] {
  return scene.actors.flatMap((actor) => {
    if (actor.kind !== 'vehicle' || actor.place !== phone.place) return []
    const from = actor.lightsFromSeconds
    if (from === undefined) return []
    return anchorAt(`${actor.id}-lights`, phone, (time) => time >= from)
  })
}

function isInside(phone: Phone, { x, y }: { readonly x: number; readonly y: number }): boolean {
  return x >= 0 && y >= 0 && x < phone.camera.widthPixels && y < phone.camera.heightPixels
}

function anchorAt(
  event: string,
  phone: Phone,
  isShown: (sceneSeconds: number) => boolean,
): VisualAnchor[] {
  const times = frameTimesSeconds(phone)
  const firstFrame = times.findIndex((time) => isShown(sceneTime(phone, time)))
  const [before, first] = [times[firstFrame - 1], times[firstFrame]]
  if (before === undefined || first === undefined) return []
  return [
    {
      event,
      phone: phone.id,
      ownSeconds: (before + first) / 2,
      uncertaintySeconds: (first - before) / 2,
      firstFrame,
    },
  ]
}

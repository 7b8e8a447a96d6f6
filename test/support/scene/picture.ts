/**
 * What a phone's camera shows: a plain, schematic drawing of the place from
 * where the phone is held, with everything that moves at that scene time, and
 * the frame's code in the band at the top edge.
 */
import { drawPerson } from './draw-person.ts'
import { drawPlace } from './draw-place.ts'
import { drawVehicle } from './draw-vehicle.ts'
import { drawFrameCode } from './frame-index.ts'
import { copyPicture, createPicture, ellipse, fill } from './raster.ts'
import type { Picture } from './raster.ts'
import { placeOf, positionAt, sceneTime } from './scene.ts'
import type { Actor, Phone, Scene, SoundSource } from './scene.ts'
import { viewFrom } from './view.ts'
import type { View } from './view.ts'

/** How long a flash stays: one frame or two at 24 to 30 frames a second. */
export const flashSeconds = 0.045

/** Draws what the phone sees, with its code; the picture handed out is reused by the next call. */
export function cameraOf(
  scene: Scene,
  phone: Phone,
): (ownSeconds: number, frameIndex: number) => Picture {
  const number = scene.phones.indexOf(phone)
  const look = viewOf(scene, phone)
  return (ownSeconds, frameIndex) => {
    const picture = look(sceneTime(phone, ownSeconds))
    drawFrameCode(picture, number, frameIndex)
    return picture
  }
}

/** The picture alone, by scene time: also for a camera that is no phone of the scene. */
export function viewOf(scene: Scene, phone: Phone): (sceneSeconds: number) => Picture {
  const { widthPixels, heightPixels } = phone.camera
  const place = placeOf(scene, phone.place)
  const view = viewFrom(phone)
  const empty = createPicture(widthPixels, heightPixels)
  drawPlace(empty, view, place)
  const picture = createPicture(widthPixels, heightPixels)
  const actors = scene.actors.filter((actor) => actor.place === place.id)
  return (time) => {
    copyPicture(empty, picture)
    for (const actor of farthestFirst(actors, view, time)) {
      if (actor.kind === 'person') drawPerson(picture, view, actor, time, place.light)
      else drawVehicle(picture, view, actor, time, place.light)
    }
    for (const flash of scene.sounds) {
      if (isFlashVisible(flash, phone, time)) drawFlash(picture, view, flash)
    }
    return picture
  }
}

export function isFlashVisible(sound: SoundSource, phone: Phone, sceneSeconds: number): boolean {
  const since = sceneSeconds - sound.atSeconds
  return (
    sound.place === phone.place &&
    sound.flash !== undefined &&
    !sound.flash.hiddenFrom.includes(phone.id) &&
    since >= 0 &&
    since < flashSeconds
  )
}

function farthestFirst(actors: readonly Actor[], view: View, time: number): Actor[] {
  const distance = (actor: Actor): number => {
    const { xMetres, yMetres } = positionAt(actor.path, time)
    return view.distanceMetres([xMetres, yMetres, 0])
  }
  return actors
    .map((actor) => ({ actor, metres: distance(actor) }))
    .sort((a, b) => b.metres - a.metres)
    .map(({ actor }) => actor)
}

function drawFlash(picture: Picture, view: View, sound: SoundSource): void {
  if (sound.flash === undefined) return
  const { xMetres, yMetres } = positionAt(sound.path, sound.atSeconds)
  const seen = view.spot([xMetres, yMetres, sound.flash.heightMetres])
  if (seen === undefined) return
  const core = Math.max(2.5, 0.16 * seen.pixelsPerMetre)
  fill(picture, ellipse(seen.x, seen.y, core * 4.5), [255, 214, 130], 0.18)
  fill(picture, ellipse(seen.x, seen.y, core * 2.4), [255, 226, 150], 0.45)
  fill(picture, ellipse(seen.x, seen.y, core), [255, 252, 236])
}

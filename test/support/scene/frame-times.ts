import { randomFrom, seedFor } from './random.ts'
import { ownTime } from './scene.ts'
import type { FileFormat, Phone } from './scene.ts'

/** Ticks a second in the finished file: exact presentation times are multiples of it. */
export const ticksPerSecond: Readonly<Record<FileFormat, number>> = {
  'mp4-h264-aac': 90000,
  'mov-hevc-aac': 90000,
  'webm-vp9-opus': 1000,
  '3gp-mpeg4-aac': 30000,
}

/** The presentation time of each recorded frame, rising, in ticks of the file. */
export function frameTicks(phone: Phone): number[] {
  const { frameRate, variable, startSeconds } = phone.camera
  const perSecond = ticksPerSecond[phone.format]
  const random = randomFrom(seedFor(phone.seed, 'frames'))
  const start = Math.round(startSeconds * perSecond)
  const length = (perSecond * frameRate.seconds) / frameRate.frames
  const end = ownTime(phone, phone.endSeconds) * perSecond
  const ticks: number[] = []
  for (let index = 0; start + index * length < end; index++) {
    const shift = variable === undefined ? 0 : variable.jitter * length * random.between(-1, 1)
    const dropped = variable !== undefined && random.chance(variable.droppedShare)
    if (index === 0) ticks.push(start)
    else if (!dropped) ticks.push(start + Math.round(index * length + shift))
  }
  return ticks
}

export function frameTimesSeconds(phone: Phone): number[] {
  const perSecond = ticksPerSecond[phone.format]
  return frameTicks(phone).map((ticks) => ticks / perSecond)
}

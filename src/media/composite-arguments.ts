import type { CompositeAngle, CompositeParameters, RecipeInput } from '../case/recipe.ts'
import { bandColor, clockText, drawText } from './burned-text.ts'
import type { Command } from './command.ts'
import {
  aac,
  asPixels,
  ffmpegStart,
  h264,
  inTicks,
  mp4,
  picture,
  drained,
  emptyInput,
  recordingInput,
  scaled,
  squarePixels,
  upright,
} from './ffmpeg-arguments.ts'
import { mappedSound } from './sound-filters.ts'

const labelPixels = 28
const clockPixels = 36
const notRecording = 'not recording'

/**
 * The grid on the common clock. Output frame k stands for the slot
 * [from + k/R, from + (k+1)/R) and shows in each cell the source frame that was
 * on screen in the middle of it: each angle's frames get the clock's times less
 * half a slot, and the fps filter, rounding up, shows at k/R the last one that
 * is not later.
 */
export function compositeCommand(
  parameters: CompositeParameters,
  inputs: readonly RecipeInput[],
): Command {
  const { framesPerSecond, angles, columns, cellWidthPixels, cellHeightPixels } = parameters
  const fromSeconds = parameters.fromMicroseconds / 1e6
  const slots = slotsOf(parameters)
  const rows = Math.ceil(angles.length / columns)
  const width = columns * cellWidthPixels
  const height = rows * cellHeightPixels

  const cells = angles.map((angle, index) => cell(parameters, angle, index, slots))
  const layout = angles
    .map((_, index) => {
      const x = (index % columns) * cellWidthPixels
      return `${x}_${Math.floor(index / columns) * cellHeightPixels}`
    })
    .join('|')
  const names = angles.map((_, index) => `[cell${index}]`).join('')
  const grid =
    angles.length === 1
      ? `${names}null`
      : `${names}xstack=inputs=${angles.length}:layout=${layout}:fill=${bandColor}`
  const clock = (file: number, enable: string): string =>
    drawText({
      file,
      content: 'clock',
      sizePixels: 22,
      x: '(w-text_w)/2',
      y: String(height + 7),
      enable,
    })
  // −0.00 is written +0.00, as in time/text.ts.
  const negative = `lt(t,${(-fromSeconds - 0.005 + 1e-7).toFixed(7)})`
  const finish = [
    `pad=w=${width}:h=${height + clockPixels}:x=0:y=0:color=${bandColor}`,
    clock(angles.length + 1, negative),
    clock(angles.length + 2, `not(${negative})`),
    `trim=end_frame=${slots}`,
  ]
  const heard = parameters.soundInput
  const soundStream = heard === undefined ? undefined : angles[heard]?.soundStreamIndex
  const withSound = parameters.asPicture !== true && soundStream !== undefined
  const sound = withSound ? `;[${heard}:${soundStream}]${soundOf(parameters, slots)}[sound]` : ''
  return {
    program: 'ffmpeg',
    args: [
      ...ffmpegStart,
      ...angles.flatMap((angle, index) =>
        recordingInput(inputs[index], index, ownSecondsAt(angle, parameters.fromMicroseconds)),
      ),
      ...emptyInput,
      '-filter_complex',
      `${cells.join(';')};${grid}[grid];[grid]${finish.join(',')}[picture]${sound}${drained(angles.length)}`,
      '-map',
      '[picture]',
      ...(withSound ? ['-map', '[sound]'] : []),
      ...(parameters.asPicture === true
        ? picture('composite.png', 'png')
        : [
            ...h264({
              preset: 'faster',
              crf: 20,
              timescale: framesPerSecond * 1000,
              threads: 4,
            }),
            ...(withSound ? aac : []),
            ...mp4('composite.mp4'),
          ]),
    ],
    texts: [
      ...angles.map((angle) => angle.label.replaceAll(/\s+/g, ' ')),
      notRecording,
      clockText(fromSeconds, '−'),
      clockText(fromSeconds, '+'),
    ],
    files: [
      parameters.asPicture === true
        ? { name: 'composite.png', mediaType: 'image/png' }
        : { name: 'composite.mp4', mediaType: 'video/mp4' },
    ],
    frames: slots,
  }
}

function slotsOf(parameters: CompositeParameters): number {
  if (parameters.asPicture === true) return 1
  const seconds = (parameters.toMicroseconds - parameters.fromMicroseconds) / 1e6
  return Math.max(1, Math.round(seconds * parameters.framesPerSecond))
}

/** One angle as a stream of exactly `slots` frames. */
function cell(
  parameters: CompositeParameters,
  angle: CompositeAngle,
  index: number,
  slots: number,
): string {
  const { framesPerSecond: rate, cellWidthPixels: width, cellHeightPixels: height } = parameters
  const begin = slotOf(parameters, angle, angle.firstTicks, slots)
  const end = slotOf(parameters, angle, angle.endTicks, slots)
  const pictureHeight = height - labelPixels
  const text = (file: number, x: string, y: string, enable?: string): string =>
    drawText({
      file,
      content: 'words',
      sizePixels: 16,
      x,
      y,
      ...(enable === undefined ? {} : { enable }),
    })
  const label = text(index, '10', String(pictureHeight + 6))
  const card = (enable?: string): string =>
    text(parameters.angles.length, '(w-text_w)/2', `${Math.round(pictureHeight / 2)}-8`, enable)
  if (end <= begin) {
    return [
      `color=c=${bandColor}:s=${width}x${height}:r=${rate}:d=${(slots / rate).toFixed(6)}`,
      'format=yuv420p',
      `trim=end_frame=${slots}`,
      label,
      `${card()}[cell${index}]`,
    ].join(',')
  }
  // Microseconds: output time of own time 0, so that slot `begin` is zero.
  const zero = angle.offsetMicroseconds - parameters.fromMicroseconds - ((begin + 0.5) * 1e6) / rate
  return [
    `[${index}:${angle.picture.streamIndex}]${inTicks(angle.picture)}`,
    'settb=1/1000000',
    `setpts=round(${zero.toFixed(3)}+${(angle.ratePartsPerBillion / 1e9).toFixed(9)}*PTS)`,
    `fps=${rate}:start_time=0:round=up`,
    // The last frame stays as long as its recording says, not as long as the filter thinks.
    'tpad=stop=-1:stop_mode=clone',
    `trim=end_frame=${end - begin}`,
    'setpts=N',
    ...upright(angle.picture.rotationDegrees),
    ...squarePixels,
    scaled(`w=${width}:h=${pictureHeight}:force_original_aspect_ratio=decrease`, 'bicubic'),
    ...asPixels('yuv420p', 'bicubic'),
    `pad=w=${width}:h=${height}:x=trunc((ow-iw)/4)*2:y=trunc((${pictureHeight}-ih)/4)*2:color=${bandColor}`,
    `tpad=start=${begin}:stop=${slots - end}:color=${bandColor}`,
    label,
    card(`not(between(n,${begin},${end - 1}))`),
    `setsar=1[cell${index}]`,
  ].join(',')
}

/** First slot whose middle is not before this own time. */
function slotOf(
  parameters: CompositeParameters,
  angle: CompositeAngle,
  ticks: number,
  slots: number,
): number {
  const clockMicroseconds =
    angle.offsetMicroseconds +
    (angle.ratePartsPerBillion / 1e9) * ((ticks / angle.picture.timescale) * 1e6)
  const position =
    ((clockMicroseconds - parameters.fromMicroseconds) / 1e6) * parameters.framesPerSecond - 0.5
  return Math.min(slots, Math.max(0, Math.ceil(position - 1e-6)))
}

function ownSecondsAt(angle: CompositeAngle, clockMicroseconds: number): number {
  return (clockMicroseconds - angle.offsetMicroseconds) / 1e6 / (angle.ratePartsPerBillion / 1e9)
}

function soundOf(parameters: CompositeParameters, slots: number): string {
  const angle = parameters.angles[parameters.soundInput ?? 0]
  if (angle === undefined) return 'anull'
  return mappedSound(
    (angle.offsetMicroseconds - parameters.fromMicroseconds) / 1e6,
    angle.ratePartsPerBillion / 1e9,
    slots / parameters.framesPerSecond,
  )
}

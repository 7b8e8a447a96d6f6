/** Text in the picture. It stands in bands beside the footage and never covers a pixel of it. */

const sans = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'
const mono = '/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf'
export const bandColor = '0x16181b'
const textColor = '0xf2efe8'

export interface BurnedText {
  /** Index of the text file: user text never stands in a filter's description. */
  readonly file: number
  /** `words`: taken literally. `clock`: our own FFmpeg text expressions. */
  readonly content: 'words' | 'clock'
  readonly sizePixels: number
  readonly x: string
  readonly y: string
  /** FFmpeg timeline expression. */
  readonly enable?: string
}

export function drawText(text: BurnedText): string {
  return [
    `drawtext=fontfile=${text.content === 'clock' ? mono : sans}`,
    `textfile=text/${text.file}`,
    `expansion=${text.content === 'clock' ? 'normal' : 'none'}`,
    `fontsize=${text.sizePixels}`,
    `fontcolor=${textColor}`,
    `x=${text.x}`,
    `y=${text.y}`,
    ...(text.enable === undefined ? [] : [`enable='${text.enable}'`]),
  ].join(':')
}

/** `1:02.480`, the frame's own time, as `timecode` in time/text.ts writes it. */
export const ownTimeText =
  '%{eif:trunc(round(t*1000)/60000):d}:%{eif:mod(trunc(round(t*1000)/1000),60):d:2}.%{eif:mod(round(t*1000),1000):d:3}'

/** `+12.48 s`, the clock at the frame's slot, as `fromZero` in time/text.ts writes it. */
export function clockText(fromSeconds: number, sign: '+' | '−'): string {
  const hundredths = `round(abs(t+(${fromSeconds.toFixed(6)}))*100)`
  return `${sign}%{eif:trunc(${hundredths}/100):d}.%{eif:mod(${hundredths},100):d:2} s`
}

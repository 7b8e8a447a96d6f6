import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { PlannedPart } from '../../../src/case/exhibit.ts'
import { releaseLayout, releaseLines } from './sample-case.ts'
import type { MadeFile, MakePart } from './sample-material.ts'

const sans = '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf'
const mono = '/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf'

/** A lane with a cart that rolls by: enough of a picture to judge a page by. */
const lane = (seconds: number, rate: number, shift: number) =>
  [
    `color=c=0x9aa5a8:s=640x360:r=${rate}:d=${seconds},drawbox=y=210:h=150:w=640:color=0x6d6a63:t=fill,drawbox=x=${40 + shift}:y=60:w=150:h=150:color=0x7c6a5a:t=fill,drawbox=x=${260 + shift}:y=90:w=220:h=120:color=0x8a7b6c:t=fill,drawbox=x=${70 + shift}:y=100:w=30:h=40:color=0x2c3338:t=fill[lane]`,
    `color=c=0x4a3524:s=90x44:r=${rate}:d=${seconds}[cart]`,
    `color=c=0x1f1b18:s=22x22:r=${rate}:d=${seconds}[wheel]`,
    `[lane][cart]overlay=x='60+t*24-${shift}':y=226[a]`,
    `[a][wheel]overlay=x='100+t*24-${shift}':y=262`,
  ].join(';')

/** Renders parts with ffmpeg into `folder`; pictures are drawn, not decoded from an original. */
export function sampleMediaMaker(folder: string): MakePart {
  mkdirSync(folder, { recursive: true })
  return (part) => {
    const { draft } = part
    switch (draft.kind) {
      case 'composite':
        return part.role === 'poster'
          ? picture(folder, part, grid(1))
          : video(folder, part, grid(9), true)
      case 'clip': {
        const { span, picture: source, slowdown, enlargement } = draft.parameters
        const seconds = ((span.endTicks - span.firstTicks) / source.timescale) * slowdown
        const scale =
          enlargement === undefined ? '' : `,crop=160:90:70:200,scale=640:360:flags=neighbor`
        const label = `drawtext=fontfile=${sans}:text='%{pts\\:hms\\:6}':x=12:y=h-30:fontsize=20:fontcolor=white:box=1:boxcolor=black`
        return video(folder, part, `${lane(seconds, 30, 0)}${scale},${label}`, slowdown === 1)
      }
      case 'still': {
        const scale =
          draft.parameters.enlargement === undefined
            ? ''
            : ',crop=160:90:70:200,scale=640:360:flags=neighbor'
        return picture(folder, part, `${lane(1, 5, 30)}${scale}`)
      }
      case 'cover':
        return picture(
          folder,
          part,
          `color=c=0x1d1b19:s=1280x720:d=1,${coverText(draft.parameters.lines)}`,
        )
      case 'facsimile':
        return picture(folder, part, releasePage())
      default:
        return picture(folder, part, lane(1, 5, 0))
    }
  }
}

function grid(seconds: number): string {
  const cell = (name: string, shift: number, label: string) =>
    lane(seconds, 30, shift).replaceAll(/\[(\w+)\]/g, `[${name}$1]`) +
    `,drawtext=fontfile=${sans}:text='${label}':x=12:y=12:fontsize=18:fontcolor=white:box=1:boxcolor=black@0.8:boxborderw=6[${name}]`
  return [
    cell('p', 0, 'Bakery window'),
    cell('q', 60, 'Footbridge'),
    cell('r', 120, 'Third-floor balcony'),
    `color=c=black:s=640x360:r=30:d=${seconds}[s]`,
    '[p][q][r][s]xstack=inputs=4:layout=0_0|w0_0|0_h0|w0_h0',
  ].join(';')
}

function coverText(lines: readonly string[]): string {
  return lines
    .map((line, index) => {
      const plain = line.replaceAll(/[^A-Za-z0-9 .,]/g, ' ')
      return `drawtext=fontfile=${sans}:text='${plain}':x=(w-tw)/2:y=${280 + index * 48}:fontsize=34:fontcolor=0xe9e3d6`
    })
    .join(',')
}

/** The authority's page, in a face whose letters are equally wide, so that boxes can be counted. */
function releasePage(): string {
  const text = releaseLines.map(
    (line, index) =>
      `drawtext=fontfile=${mono}:text='${line.replaceAll("'", '’')}':x=${releaseLayout.left}:y=${releaseLayout.top + index * releaseLayout.lineHeight}:fontsize=${releaseLayout.fontSize}:fontcolor=0x222222`,
  )
  return `color=c=0xfdfcf8:s=${releaseLayout.width}x${releaseLayout.height}:d=1,${text.join(',')}`
}

function video(folder: string, part: PlannedPart, graph: string, sound: boolean): MadeFile {
  const path = join(folder, `${part.name}.mp4`)
  const tone = ['-f', 'lavfi', '-i', 'anoisesrc=a=0.02:r=48000', '-shortest', '-c:a', 'aac']
  const seconds = part.durationSeconds ?? 9
  const input = ['-f', 'lavfi', '-i', graph]
  const coded = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p']
  ffmpeg([
    ...input,
    ...(sound ? tone : []),
    '-t',
    String(seconds),
    ...coded,
    '-movflags',
    '+faststart',
    path,
  ])
  return { ...sizeOf(part), bytes: readFileSync(path), extension: 'mp4', mediaType: 'video/mp4' }
}

function picture(folder: string, part: PlannedPart, graph: string): MadeFile {
  const path = join(folder, `${part.name}.png`)
  ffmpeg(['-f', 'lavfi', '-i', graph, '-frames:v', '1', path])
  return { ...sizeOf(part), bytes: readFileSync(path), extension: 'png', mediaType: 'image/png' }
}

function sizeOf({ draft }: PlannedPart): { widthPixels: number; heightPixels: number } {
  if (draft.kind === 'composite' || draft.kind === 'cover')
    return { widthPixels: 1280, heightPixels: 720 }
  if (draft.kind === 'facsimile')
    return { widthPixels: releaseLayout.width, heightPixels: releaseLayout.height }
  return { widthPixels: 640, heightPixels: 360 }
}

function ffmpeg(args: readonly string[]): void {
  execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], { stdio: ['ignore', 'ignore', 'inherit'] })
}

import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { RecordingFacts, VideoFacts } from '../case/item-facts.ts'
import type { RotationDegrees } from '../case/recipe.ts'
import type { SoundFile } from './sound-file.ts'
import { probeRecording } from './probe.ts'
import { sniffFile } from './sniff.ts'

/**
 * Recordings whose pictures say which frame they are: twelve vertical bars,
 * the frame's number in binary, least significant left, under a band that is
 * white on the left and black on the right, so that a turned picture shows.
 */
const bits = 12
const uprightWidth = 240
const uprightHeight = 160

export interface FixtureWish {
  readonly name: string
  readonly frames: number
  readonly framesPerSecond: number
  /** FFmpeg's setpts expression, for uneven or late frames. */
  readonly times?: string
  readonly rotation?: RotationDegrees
  readonly videoArguments?: readonly string[]
  /** FFmpeg source description; `false` for a silent file. */
  readonly sound?: string | false
  readonly soundArguments?: readonly string[]
  readonly outputArguments?: readonly string[]
}

export interface Fixture {
  readonly path: string
  readonly facts: RecordingFacts
  readonly video: VideoFacts
}

export function temporaryFolder(): string {
  return mkdtempSync(path.join(tmpdir(), 'sightline-test-'))
}

/** FFmpeg outside the sandbox, on our own inputs. */
export function ffmpeg(args: readonly string[]): Buffer {
  return execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], {
    maxBuffer: 1 << 30,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
}

/** A click of 2 ms at each whole second but 0, at 48 kHz. */
export const clicks = "aevalsrc='if(gt(t,0.5)*lt(mod(t,1),0.002),0.9,0)':s=48000"

export async function makeRecording(folder: string, wish: FixtureWish): Promise<Fixture> {
  const file = path.join(folder, wish.name)
  const rotation = wish.rotation ?? 0
  const stored = { 0: '', 90: ',transpose=cclock', 180: ',hflip,vflip', 270: ',transpose=clock' }
  const seconds = wish.frames / wish.framesPerSecond
  const column = uprightWidth / bits
  const code = `if(lt(Y,20),if(lt(X,${uprightWidth / 2}),235,16),16+219*mod(floor(N/pow(2,floor(X/${column}))),2))`
  const picture = [
    `color=c=gray:s=${uprightWidth}x${uprightHeight}:r=${wish.framesPerSecond}:d=${seconds}`,
    'format=yuv420p',
    `geq=lum='${code}':cb=128:cr=128`,
    `settb=1/90000,setpts='${wish.times ?? 'PTS'}'${stored[rotation]}`,
  ].join(',')
  const sound = wish.sound ?? clicks
  ffmpeg([
    '-copyts',
    '-f',
    'lavfi',
    '-i',
    picture,
    ...(sound === false ? [] : ['-f', 'lavfi', '-t', String(seconds), '-i', sound]),
    '-fps_mode',
    'passthrough',
    '-enc_time_base:v',
    '1/90000',
    ...(wish.videoArguments ?? ['-c:v', 'libx264', '-preset', 'veryfast', '-bf', '2', '-g', '20']),
    ...(sound === false ? [] : (wish.soundArguments ?? ['-c:a', 'aac'])),
    ...(wish.outputArguments ?? ['-video_track_timescale', '90000', '-movie_timescale', '90000']),
    file,
  ])
  if (rotation !== 0) turnInTrackHeader(file, rotation)
  return readRecording(file)
}

/** Writes the matrix that phones write (ISO 14496-12, 8.3.2) into the first track's header. */
function turnInTrackHeader(file: string, rotation: 90 | 180 | 270): void {
  const bytes = readFileSync(file)
  const one = 65_536
  const [a, b, c, d] = {
    90: [0, one, -one, 0],
    180: [-one, 0, 0, -one],
    270: [0, -one, one, 0],
  }[rotation] as [number, number, number, number]
  // Version 0: 24 bytes of times and ids, 16 of layer and volume, then the matrix.
  const matrix = bytes.indexOf('tkhd') + 44
  for (const [index, value] of [a, b, 0, c, d, 0].entries()) {
    bytes.writeInt32BE(value, matrix + 4 * index)
  }
  writeFileSync(file, bytes)
}

export async function readRecording(file: string): Promise<Fixture> {
  const sniffed = await sniffFile(file)
  if (sniffed.kind !== 'recording') throw new Error(`${file} is not a recording`)
  const { facts } = await probeRecording(file, sniffed)
  if (facts.kind !== 'recording' || facts.video === undefined) {
    throw new Error(`${file} has no picture`)
  }
  return { path: file, facts, video: facts.video }
}

export function samplesOf(sound: SoundFile): Float32Array {
  const samples = new Float32Array(sound.length)
  sound.read(0, samples)
  return samples
}

export interface GrayFrames {
  readonly width: number
  readonly height: number
  readonly frames: readonly Uint8Array[]
  /** PTS in seconds. */
  readonly times: readonly number[]
}

/** All frames of a file, as stored, in gray, with their times. */
export function decodeGray(file: string): GrayFrames {
  const list = execFileSync(
    'ffprobe',
    '-v error -select_streams v:0 -show_entries packet=pts_time:stream=width,height -of compact'
      .split(' ')
      .concat(file),
  ).toString()
  const width = Number(/width=(\d+)/.exec(list)?.[1])
  const height = Number(/height=(\d+)/.exec(list)?.[1])
  const times = [...list.matchAll(/pts_time=(-?[\d.]+)/g)]
    .map((found) => Number(found[1]))
    .toSorted((a, b) => a - b)
  const bytes = ffmpeg(
    '-copyts -noautorotate -i'
      .split(' ')
      .concat(
        file,
        '-map 0:v:0 -fps_mode passthrough -enc_time_base -1 -f rawvideo -pix_fmt gray -'.split(' '),
      ),
  )
  const size = width * height
  const frames = Array.from({ length: Math.floor(bytes.length / size) }, (_, index) =>
    bytes.subarray(index * size, (index + 1) * size),
  )
  return { width, height, frames, times }
}

export interface Area {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** The number drawn into an area of a gray picture; undefined where there is none, or it is turned. */
export function frameNumber(frame: Uint8Array, width: number, area: Area): number | undefined {
  const at = (shareX: number, shareY: number): number =>
    frame[
      Math.round(area.y + shareY * area.height) * width + Math.round(area.x + shareX * area.width)
    ] ?? 0
  if (at(0.25, 0.06) < 180 || at(0.75, 0.06) > 80) return undefined
  let number = 0
  for (let bit = 0; bit < bits; bit += 1) {
    const level = at((bit + 0.5) / bits, 0.6)
    if (level > 80 && level < 170) return undefined
    if (level >= 170) number += 2 ** bit
  }
  return number
}

/** First and later instants, in seconds, at which sound rises out of silence. */
export function clickTimes(samples: Float32Array, sampleRateHz: number): readonly number[] {
  const found: number[] = []
  let quietUntil = 0
  for (const [index, sample] of samples.entries()) {
    if (Math.abs(sample) < 0.3) continue
    if (index >= quietUntil) found.push(index / sampleRateHz)
    quietUntil = index + sampleRateHz / 10
  }
  return found
}

/** Sound of a file at 48 kHz mono, sample 0 at PTS 0. */
export function decodeSound(file: string): Float32Array {
  const bytes = ffmpeg(
    '-copyts -i'
      .split(' ')
      .concat(file, '-vn -af aresample=async=1:first_pts=0 -ac 1 -f f32le -'.split(' ')),
  )
  return new Float32Array(new Uint8Array(bytes).buffer, 0, Math.floor(bytes.length / 4))
}

import type {
  Finding,
  FindingCode,
  OtherFacts,
  RecordingFacts,
  SoundFacts,
  VideoFacts,
} from '../case/item-facts.ts'
import type { RotationDegrees } from '../case/recipe.ts'
import { firstDate } from './container-time.ts'
import { frameTimes, type TimeBase } from './frame-times.ts'
import { isCodecAllowed } from './guard.ts'
import { longestRecordingSeconds, mostFrames, mostPixels } from './limits.ts'
import { MediaError } from './media-error.ts'
import { type PacketScan, scanFrames, type ScannedStream, scanPackets } from './packet-scan.ts'
import type { Container, Sniffed } from './sniff.ts'

export interface Probed<Facts> {
  readonly facts: Facts
  readonly findings: readonly Finding[]
}

type RecordingSniffed = Extract<Sniffed, { kind: 'recording' }>

/**
 * What a recording holds, from every packet's own time. Times are the
 * container's PTS as ffprobe prints them, never shifted to start at zero.
 * Whatever the bytes are, the answer is facts and findings; throws MediaError
 * only for trouble of this machine.
 */
export async function probeRecording(
  path: string,
  sniffed: RecordingSniffed,
): Promise<Probed<RecordingFacts | OtherFacts>> {
  try {
    return await factsOf(path, sniffed)
  } catch (error) {
    if (error instanceof MediaError && /^(?:time|memory|output)-limit$/.test(error.code)) {
      return unusable(sniffed, [
        problem('limit-exceeded', `Reading was stopped: ${error.message}.`),
      ])
    }
    throw error
  }
}

async function factsOf(
  path: string,
  sniffed: RecordingSniffed,
): Promise<Probed<RecordingFacts | OtherFacts>> {
  const scan = await scanPackets(path, sniffed.container)
  const findings: Finding[] = []
  const pictureStream = scan.streams.find(
    (stream) => isType(stream, 'video') && stream.fields.get('disposition:attached_pic') !== '1',
  )
  const soundStream = scan.streams.find((stream) => isType(stream, 'audio'))
  if (pictureStream === undefined && soundStream === undefined) {
    return unusable(sniffed, [nothingInside(scan)])
  }

  const picture =
    pictureStream === undefined
      ? undefined
      : await videoFacts(path, sniffed.container, pictureStream, scan.complaints, findings)
  const sound = soundStream === undefined ? undefined : soundFacts(soundStream, findings)
  if (picture === undefined && sound === undefined) {
    if (!findings.some((finding) => finding.severity === 'problem')) {
      findings.push(nothingInside(scan))
    }
    return unusable(sniffed, findings)
  }
  const ends = [picture, sound].filter((part) => part !== undefined).map((part) => part.endSeconds)
  const starts = [picture, sound]
    .filter((part) => part !== undefined)
    .map((part) => part.startSeconds)
  const scannedEnd = Math.max(...ends)
  if (scannedEnd > longestRecordingSeconds || Math.min(...starts) < -longestRecordingSeconds) {
    return unusable(sniffed, [
      ...findings,
      problem(
        'limit-exceeded',
        `The recording's times reach ${Math.round(scannedEnd)} seconds; at most ${longestRecordingSeconds} are read.`,
      ),
    ])
  }
  if (sound === undefined) findings.push(notice('no-sound', 'The recording has no usable sound.'))
  if (
    picture !== undefined &&
    sound !== undefined &&
    sound.startSeconds > picture.startSeconds + 0.1
  ) {
    findings.push(
      notice(
        'sound-starts-late',
        `The sound starts ${(sound.startSeconds - picture.startSeconds).toFixed(3)} s after the picture.`,
      ),
    )
  }
  const declared = declaredSeconds(scan, [pictureStream, soundStream])
  findings.push(...durationFindings(scan, declared, scannedEnd, Math.min(...starts)))
  findings.push(...locationFindings(scan))

  const containerTime = containerTimeOf(scan)
  return {
    facts: {
      kind: 'recording',
      mediaType: sniffed.mediaType,
      container: sniffed.container,
      ...(declared === undefined ? {} : { declaredDurationSeconds: declared }),
      scannedDurationSeconds: scannedEnd,
      ...(containerTime === undefined ? {} : { containerTime }),
      ...(picture === undefined ? {} : { video: picture.facts }),
      ...(sound === undefined ? {} : { sound: sound.facts }),
    },
    findings,
  }
}

interface Part<Facts> {
  readonly facts: Facts
  readonly startSeconds: number
  readonly endSeconds: number
}

async function videoFacts(
  path: string,
  container: Container,
  stream: ScannedStream,
  complaints: string,
  findings: Finding[],
): Promise<Part<VideoFacts> | undefined> {
  const codec = stream.fields.get('codec_name') ?? 'unknown'
  const width = Number(stream.fields.get('width'))
  const height = Number(stream.fields.get('height'))
  const base = timeBaseOf(stream)
  if (!mayDecode(stream, codec, 'picture', findings)) return undefined
  if (!(width > 0 && height > 0) || base === undefined) {
    findings.push(
      tooManyPixels.test(complaints)
        ? beyondPixels
        : problem('no-video-frames', 'The file announces a picture but shows none.'),
    )
    return undefined
  }
  if (width * height > mostPixels) {
    findings.push(
      problem(
        'too-many-pixels',
        `The picture is ${width}×${height}; at most ${mostPixels / 1e6} million pixels are decoded.`,
      ),
    )
    return undefined
  }
  const packetTimes = stream.pts
  const decodes = codec === 'vp8' || packetTimes.some((pts) => Number.isNaN(pts))
  const pts = decodes ? await scanFrames(path, container, stream.index) : packetTimes
  if (pts.length > mostFrames) {
    findings.push(problem('limit-exceeded', `More than ${mostFrames} frames are not read.`))
    return undefined
  }
  const { table, findings: rhythm } = frameTimes(pts, base, lastDuration(stream, decodes))
  const first = table.ticks[0]
  if (first === undefined) {
    findings.push(problem('no-video-frames', 'The file announces a picture but holds no frame.'))
    return undefined
  }
  findings.push(...rhythm)
  if (stream.discarded > 0 || (container === 'mov' && first > 0)) {
    findings.push(
      notice(
        'edit-list',
        stream.discarded > 0
          ? `An edit list hides ${stream.discarded} stored frames; they are in the original, but no player shows them.`
          : `The picture starts at ${(first / table.timescale).toFixed(3)} s of the file's own time.`,
      ),
    )
  }
  const rotationDegrees = rotationOf(stream)
  if (rotationDegrees !== 0) {
    findings.push(
      notice('rotation', `The picture is stored turned and shown turned by ${rotationDegrees}°.`),
    )
  }
  const turned = rotationDegrees === 90 || rotationDegrees === 270
  return {
    facts: {
      codec,
      picture: {
        streamIndex: stream.index,
        timescale: table.timescale,
        rotationDegrees,
        widthPixels: turned ? height : width,
        heightPixels: turned ? width : height,
      },
      frames: table,
      storedWidthPixels: width,
      storedHeightPixels: height,
    },
    startSeconds: first / table.timescale,
    endSeconds: table.endTicks / table.timescale,
  }
}

function soundFacts(stream: ScannedStream, findings: Finding[]): Part<SoundFacts> | undefined {
  const codec = stream.fields.get('codec_name') ?? 'unknown'
  const base = timeBaseOf(stream)
  const sampleRateHz = Number(stream.fields.get('sample_rate'))
  const channels = Number(stream.fields.get('channels'))
  if (!mayDecode(stream, codec, 'sound', findings)) return undefined
  if (base === undefined || !(sampleRateHz > 0) || !(channels > 0)) return undefined
  let first = Infinity
  let end = -Infinity
  for (const [index, pts] of stream.pts.entries()) {
    if (!Number.isSafeInteger(pts)) continue
    first = Math.min(first, pts)
    end = Math.max(end, pts + (stream.durations[index] ?? 0))
  }
  if (first === Infinity) return undefined
  const seconds = base.numerator / base.timescale
  const startSeconds = first * seconds
  return {
    facts: { codec, streamIndex: stream.index, sampleRateHz, channels, startSeconds },
    startSeconds,
    endSeconds: end * seconds,
  }
}

function mayDecode(
  stream: ScannedStream,
  codec: string,
  what: string,
  findings: Finding[],
): boolean {
  if (/^(?:enc[va]|drm[isa]|p608enc)$/.test(stream.fields.get('codec_tag_string') ?? '')) {
    findings.push(
      problem('encrypted', `The ${what} is encrypted; ask for a copy without protection.`),
    )
    return false
  }
  if (!isCodecAllowed(codec)) {
    findings.push(
      problem(
        'codec-not-allowed',
        `The ${what} is coded as "${codec.replaceAll(/[^\w-]/g, '')}", which is not decoded here; ask for MP4, MOV or WebM.`,
      ),
    )
    return false
  }
  return true
}

/** What FFmpeg says at its `-max_pixels`. */
const tooManyPixels = /exceeds specified max pixel count/
const beyondPixels = problem(
  'too-many-pixels',
  `The picture has more than the ${mostPixels / 1e6} million pixels that are decoded.`,
)

function nothingInside(scan: PacketScan): Finding {
  if (tooManyPixels.test(scan.complaints)) return beyondPixels
  if (/moov atom not found/.test(scan.complaints)) {
    return problem(
      'truncated',
      'The file has no index: the recording was cut off before it was finished. Ask for the phone itself or for another copy.',
    )
  }
  return problem(
    'unreadable-media',
    'The file begins like a recording but holds none that can be read.',
  )
}

function durationFindings(
  scan: PacketScan,
  declared: number | undefined,
  scannedEnd: number,
  scannedStart: number,
): Finding[] {
  const announced = scan.streams.some((stream) => {
    const frames = Number(stream.fields.get('nb_frames'))
    return frames > stream.pts.length + stream.discarded + 1
  })
  if (announced || /partial file|ended prematurely|Truncat/i.test(scan.complaints)) {
    return [
      problem(
        'truncated',
        `The file ends early: it holds ${(scannedEnd - scannedStart).toFixed(1)} s${declared === undefined ? '' : ` of the ${declared.toFixed(1)} s it declares`}.`,
      ),
    ]
  }
  if (declared === undefined) return []
  const length = scannedEnd - scannedStart
  const apart = Math.min(Math.abs(declared - length), Math.abs(declared - scannedEnd))
  if (apart <= Math.max(0.5, 0.02 * length)) return []
  return [
    notice(
      'durations-disagree',
      `The file declares ${declared.toFixed(1)} s, its packets last ${length.toFixed(1)} s. The packets count.`,
    ),
  ]
}

function declaredSeconds(
  scan: PacketScan,
  streams: readonly (ScannedStream | undefined)[],
): number | undefined {
  const values = [
    scan.format.get('duration'),
    ...streams.map((stream) => stream?.fields.get('duration')),
  ]
    .map(Number)
    .filter((value) => Number.isFinite(value) && value > 0)
  return values.length === 0 ? undefined : Math.max(...values)
}

function locationFindings(scan: PacketScan): Finding[] {
  const keys = [scan.format, ...scan.streams.map((stream) => stream.fields)].flatMap((fields) => [
    ...fields.keys(),
  ])
  return keys.some((key) => /^tag:.*(?:location|gps|©xyz)/i.test(key))
    ? [
        notice(
          'metadata-location',
          'The file says where it was recorded. Derivatives leave that out; the original keeps it.',
        ),
      ]
    : []
}

/** Apple's date keeps the zone and is preferred. */
function containerTimeOf(scan: PacketScan): string | undefined {
  return firstDate([
    scan.format.get('tag:com.apple.quicktime.creationdate'),
    scan.format.get('tag:creation_time'),
    ...scan.streams.map((stream) => stream.fields.get('tag:creation_time')),
  ])
}

/** ffprobe's `rotation` is counterclockwise. */
function rotationOf(stream: ScannedStream): RotationDegrees {
  const turn = Math.round(-Number(stream.fields.get('rotation') ?? 0) / 90) * 90
  const degrees = ((turn % 360) + 360) % 360
  return degrees === 90 || degrees === 180 || degrees === 270 ? degrees : 0
}

function timeBaseOf(stream: ScannedStream): TimeBase | undefined {
  const [numerator, timescale] = (stream.fields.get('time_base') ?? '').split('/').map(Number)
  return numerator !== undefined && timescale !== undefined && numerator > 0 && timescale > 0
    ? { numerator, timescale }
    : undefined
}

function lastDuration(stream: ScannedStream, decoded: boolean): number {
  if (decoded) return stream.durations.at(-1) ?? 0
  let last = -Infinity
  let duration = 0
  for (const [index, pts] of stream.pts.entries()) {
    if (pts > last) {
      last = pts
      duration = stream.durations[index] ?? 0
    }
  }
  return duration
}

function isType(stream: ScannedStream, type: string): boolean {
  return stream.fields.get('codec_type') === type
}

function unusable(sniffed: RecordingSniffed, findings: readonly Finding[]): Probed<OtherFacts> {
  return { facts: { kind: 'other', mediaType: sniffed.mediaType }, findings }
}

function problem(code: FindingCode, message: string): Finding {
  return { code, severity: 'problem', message }
}

function notice(code: FindingCode, message: string): Finding {
  return { code, severity: 'notice', message }
}

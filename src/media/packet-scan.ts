import { guardedInput } from './guard.ts'
import { mostPackets, mostStreams, probeLimits } from './limits.ts'
import { MediaError } from './media-error.ts'
import { runSandboxed } from './sandbox.ts'
import type { Container } from './sniff.ts'

/** One stream of a file with the times of its packets, as ffprobe lists them. */
export interface ScannedStream {
  readonly index: number
  readonly fields: ReadonlyMap<string, string>
  /** PTS in ticks of the stream's time base, in file order; NaN where the file gives none. */
  readonly pts: readonly number[]
  /** In ticks; 0 where unknown. */
  readonly durations: readonly number[]
  /** Packets outside the edit list: decoded, never shown. */
  readonly discarded: number
}

export interface PacketScan {
  readonly streams: readonly ScannedStream[]
  readonly format: ReadonlyMap<string, string>
  /** What ffprobe complained of. */
  readonly complaints: string
  readonly exitCode: number
}

interface PacketTimes {
  pts: number[]
  durations: number[]
  discarded: number
}

const entries = [
  'packet=stream_index,pts,duration,flags',
  'packet_side_data=',
  'stream=index,codec_type,codec_name,codec_tag_string,time_base,start_pts,duration,nb_frames,width,height,sample_rate,channels',
  'stream_disposition=attached_pic',
  'stream_side_data=rotation',
  'stream_tags=creation_time,location,com.apple.quicktime.location.ISO6709',
  'format=nb_streams,duration',
  'format_tags',
].join(':')

/** ffprobe's command for `in/0`. */
export function packetScanArguments(container: Container): readonly string[] {
  return [
    '-v',
    'error',
    ...guardedInput(container),
    '-show_entries',
    entries,
    '-of',
    'compact',
    'file:in/0',
  ]
}

/**
 * Lists every packet of a file in one pass, without decoding. Bad content is
 * in the answer (`exitCode`, `complaints`); throws MediaError.
 */
export async function scanPackets(path: string, container: Container): Promise<PacketScan> {
  const times = new Map<number, PacketTimes>()
  const streams = new Map<number, ReadonlyMap<string, string>>()
  let format: ReadonlyMap<string, string> = new Map()
  let packets = 0

  const lines = lineReader((line) => {
    if (line.startsWith('packet|')) {
      packets += 1
      if (packets > mostPackets) {
        throw new MediaError('output-limit', 'the file holds more packets than are read')
      }
      addPacket(times, line)
    } else if (line.startsWith('stream|')) {
      const fields = fieldsOf(line)
      streams.set(Number(fields.get('index')), fields)
      if (streams.size > mostStreams) {
        throw new MediaError('output-limit', 'the file holds more streams than are read')
      }
    } else if (line.startsWith('format|')) {
      format = fieldsOf(line)
    }
  })
  const { stderr, exitCode } = await runSandboxed({
    program: 'ffprobe',
    args: packetScanArguments(container),
    inputs: [path],
    limits: probeLimits,
    onStdout: lines.write,
    acceptFailure: true,
  })
  lines.end()

  return {
    streams: [...streams].map(([index, fields]) => ({
      index,
      fields,
      ...(times.get(index) ?? { pts: [], durations: [], discarded: 0 }),
    })),
    format,
    complaints: stderr,
    exitCode,
  }
}

/**
 * The frames' times by decoding them, for streams whose packets carry no PTS
 * (AVI) or hold pictures that are never shown (VP8). In ticks, in output order.
 */
export async function scanFrames(
  path: string,
  container: Container,
  streamIndex: number,
): Promise<readonly number[]> {
  const pts: number[] = []
  const lines = lineReader((line) => {
    const value = /^frame\|best_effort_timestamp=(-?\d+|N\/A)/.exec(line)?.[1]
    if (value === undefined) return
    // A frame without a time follows the one before it, as ffmpeg itself takes it.
    const last = pts.at(-1) ?? 0
    pts.push(value === 'N/A' ? last + (last - (pts.at(-2) ?? last - 1)) : Number(value))
  })
  await runSandboxed({
    program: 'ffprobe',
    args: [
      '-v',
      'error',
      ...guardedInput(container),
      '-select_streams',
      String(streamIndex),
      '-show_entries',
      'frame=best_effort_timestamp:frame_side_data=:frame_tags=',
      '-of',
      'compact',
      'file:in/0',
    ],
    inputs: [path],
    limits: { ...probeLimits, cpuSeconds: 7200, wallSeconds: 7200 },
    onStdout: lines.write,
    acceptFailure: true,
  })
  lines.end()
  return pts
}

/** `packet|stream_index=0|pts=2048|duration=512|flags=K_` */
function addPacket(times: Map<number, PacketTimes>, line: string): void {
  const [, stream = '', pts = '', duration = '', flags = ''] = line.split('|')
  const index = Number(stream.slice(13))
  let list = times.get(index)
  if (list === undefined) {
    list = { pts: [], durations: [], discarded: 0 }
    times.set(index, list)
  }
  if (flags.includes('D', 6)) {
    list.discarded += 1
    return
  }
  // "N/A" becomes NaN.
  list.pts.push(Number(pts.slice(4)))
  const ticks = Number(duration.slice(9))
  list.durations.push(ticks > 0 ? ticks : 0)
}

/** ffprobe's compact form: `section|key=value|…`, with C escapes in values. */
function fieldsOf(line: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  for (const part of line.split(/(?<!\\)\|/)) {
    const equals = part.indexOf('=')
    if (equals > 0) {
      // The first wins: a stream's own fields stand before its tags.
      const key = part.slice(0, equals)
      if (!fields.has(key)) fields.set(key, part.slice(equals + 1, equals + 513))
    }
  }
  return fields
}

function lineReader(onLine: (line: string) => void): {
  readonly write: (chunk: Buffer) => void
  readonly end: () => void
} {
  let rest = ''
  return {
    write(chunk) {
      const text = rest + chunk.toString('latin1')
      let from = 0
      for (;;) {
        const to = text.indexOf('\n', from)
        if (to < 0) break
        onLine(text.slice(from, to))
        from = to + 1
      }
      rest = text.slice(from)
      if (rest.length > 1_000_000) {
        throw new MediaError('output-limit', 'the file holds longer metadata than is read')
      }
    },
    end() {
      if (rest !== '') onLine(rest)
      rest = ''
    },
  }
}

import { firstDate } from './container-time.ts'

/** What a file says of itself, as FFmpeg prints it before it decodes. */
export interface FileHeader {
  /** Of whatever stream begins first; absent where the file gives no times. */
  readonly startSeconds?: number
  /** Absent where there is only sound. */
  readonly pictureEndSeconds?: number
  readonly containerTime?: string
}

/**
 * Reads the header out of what `ffmpeg -v level+info` says of its one input.
 * Nothing where it does not say all that is asked, says that something is
 * wrong, or shows protected sound. The file's own words stand in it and can
 * imitate any line: that is a claim of the file, as its header is.
 */
export function readFileHeader(said: string): FileHeader | undefined {
  if (/\[(?:error|fatal|panic)\]/.test(said)) return undefined
  const end = said.indexOf('\n[info] Stream mapping:')
  if (end < 0) return undefined
  const header = said.slice(0, end)
  if (/ \((?:enc[va]|drm[isa]|p608enc) \/ /.test(header)) return undefined
  const times =
    /^\[info\] {3}Duration: (?:N\/A|(\d+):(\d\d):(\d\d\.\d\d))(?:, start: (-?\d+\.\d+))?, bitrate: /m.exec(
      header,
    )
  if (times === null) return undefined
  const [, hours, minutes, seconds, start] = times
  const pictures = [...header.matchAll(/^\[info\] {3}Stream #0:\d+.*: Video: .*$/gm)].filter(
    ([line]) => !line.endsWith('(attached pic)'),
  )
  if (pictures.length > 0 && hours === undefined) return undefined
  const tags = [...header.matchAll(/^\[info\] +([\w.]+) *: (.*)$/gm)]
  const named = (tag: string) => tags.filter(([, name]) => name === tag).map(([, , value]) => value)
  const containerTime = firstDate([
    ...named('com.apple.quicktime.creationdate'),
    ...named('creation_time'),
  ])
  return {
    ...(start === undefined ? {} : { startSeconds: Number(start) }),
    ...(pictures.length === 0
      ? {}
      : {
          pictureEndSeconds:
            Number(start ?? 0) + 3600 * Number(hours) + 60 * Number(minutes) + Number(seconds),
        }),
    ...(containerTime === undefined ? {} : { containerTime }),
  }
}

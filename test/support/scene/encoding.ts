import { ticksPerSecond } from './frame-times.ts'
import type { FileFormat, Phone } from './scene.ts'

/** libopus hides this much at the front; ffmpeg 5.1's WebM writer leaves it out of the audio's times. */
const opusPreSkipSeconds = 312 / 48000

/**
 * ffmpeg's arguments: raw frames as Matroska on standard input, 32-bit float
 * samples on descriptor 3, a file as the phone would leave it. Tested with
 * ffmpeg 5.1. `-copyts` keeps a late first frame late.
 */
export function encodingArguments(phone: Phone, outputPath: string): string[] {
  const { microphone, camera, format } = phone
  const { frames, seconds } = camera.frameRate
  const preSkip = format === 'webm-vp9-opus' ? opusPreSkipSeconds : 0
  const audioDelay = (microphone.startSeconds + preSkip).toFixed(6)
  return [
    ...words('-nostdin -hide_banner -v error -y -copyts -threads 2 -f matroska -i pipe:0'),
    ...words(`-itsoffset ${audioDelay} -f f32le -ar ${microphone.sampleRateHz} -ac 1 -i pipe:3`),
    ...words('-map 0:v -map 1:a -map_metadata -1 -fflags +bitexact -flags +bitexact -threads 2'),
    ...storedTurn[camera.rotationDegrees],
    ...words(`-fps_mode passthrough -enc_time_base:v 1/${ticksPerSecond[format]}`),
    ...words('-pix_fmt yuv420p -colorspace bt709 -color_primaries bt709 -color_trc bt709'),
    ...words(`-color_range tv -g ${Math.round((2 * frames) / seconds)}`),
    ...codecs[format],
    `file:${outputPath}`,
  ]
}

function words(fixed: string): string[] {
  return fixed.split(' ')
}

/** The picture is stored turned back, so that it stands upright after the flag. */
const storedTurn: Readonly<Record<0 | 90 | 180 | 270, readonly string[]>> = {
  0: [],
  90: ['-vf', 'transpose=cclock'],
  180: ['-vf', 'hflip,vflip'],
  270: ['-vf', 'transpose=clock'],
}

const codecs: Readonly<Record<FileFormat, readonly string[]>> = {
  'mp4-h264-aac': words(
    '-c:v libx264 -preset veryfast -crf 24 -bf 2 -c:a aac -b:a 96k ' +
      '-video_track_timescale 90000 -movie_timescale 90000 -f mp4',
  ),
  'mov-hevc-aac': words(
    '-c:v libx265 -preset veryfast -crf 26 -tag:v hvc1 ' +
      '-x265-params pools=2:frame-threads=1:info=0:log-level=error -c:a aac -b:a 96k ' +
      '-video_track_timescale 90000 -movie_timescale 90000 -f mov',
  ),
  'webm-vp9-opus': words(
    '-c:v libvpx-vp9 -deadline good -cpu-used 5 -crf 36 -b:v 0 -row-mt 0 ' +
      '-c:a libopus -b:a 64k -avoid_negative_ts disabled -f webm',
  ),
  '3gp-mpeg4-aac': words(
    '-c:v mpeg4 -q:v 4 -bf 0 -c:a aac -b:a 48k ' +
      '-video_track_timescale 30000 -movie_timescale 90000 -f 3gp',
  ),
}

import { mostPhotoPixels, mostPixels } from './limits.ts'
import type { Container } from './sniff.ts'

/** FFmpeg's own list of names for each demuxer: a whitelist must hold all of them. */
const demuxerNames: Readonly<Record<Container, string>> = {
  mov: 'mov,mp4,m4a,3gp,3g2,mj2',
  matroska: 'matroska,webm',
  avi: 'avi',
  mpegts: 'mpegts',
  mpeg: 'mpeg',
  flv: 'flv',
  wav: 'wav',
  mp3: 'mp3',
  aac: 'aac',
  ogg: 'ogg',
  flac: 'flac',
  amr: 'amr',
  gsm: 'gsm',
}

/**
 * Codecs that are decoded, with FFmpeg's decoders for each. MagicYUV stays out
 * (CVE-2026-8461), as does whatever phones and cameras do not write.
 */
const decodersOf: Readonly<Record<string, readonly string[]>> = {
  h264: ['h264'],
  hevc: ['hevc'],
  vp8: ['vp8'],
  vp9: ['vp9'],
  av1: ['libdav1d', 'av1'],
  mpeg4: ['mpeg4'],
  msmpeg4v2: ['msmpeg4v2'],
  msmpeg4v3: ['msmpeg4'],
  h263: ['h263'],
  flv1: ['flv'],
  mjpeg: ['mjpeg'],
  mpeg1video: ['mpeg1video'],
  mpeg2video: ['mpeg2video'],
  theora: ['theora'],
  prores: ['prores'],
  aac: ['aac'],
  aac_latm: ['aac_latm'],
  mp3: ['mp3float', 'mp3'],
  mp2: ['mp2float', 'mp2'],
  opus: ['opus', 'libopus'],
  vorbis: ['vorbis'],
  flac: ['flac'],
  alac: ['alac'],
  ac3: ['ac3'],
  eac3: ['eac3'],
  amr_nb: ['amrnb'],
  amr_wb: ['amrwb'],
  gsm: ['gsm'],
  gsm_ms: ['gsm_ms', 'libgsm_ms'],
  speex: ['speex', 'libspeex'],
  adpcm_ima_wav: ['adpcm_ima_wav'],
  adpcm_ima_qt: ['adpcm_ima_qt'],
  adpcm_ms: ['adpcm_ms'],
  pcm_s16le: ['pcm_s16le'],
  pcm_s16be: ['pcm_s16be'],
  pcm_s24le: ['pcm_s24le'],
  pcm_s24be: ['pcm_s24be'],
  pcm_s32le: ['pcm_s32le'],
  pcm_s32be: ['pcm_s32be'],
  pcm_u8: ['pcm_u8'],
  pcm_s8: ['pcm_s8'],
  pcm_f32le: ['pcm_f32le'],
  pcm_f32be: ['pcm_f32be'],
  pcm_alaw: ['pcm_alaw'],
  pcm_mulaw: ['pcm_mulaw'],
}

/** By the codec's name as ffprobe prints it. */
export function isCodecAllowed(codec: string): boolean {
  return Object.hasOwn(decodersOf, codec)
}

const decoders = Object.values(decodersOf).flat()

/**
 * Options that stand before every recording. Without the format list a DASH,
 * HLS or concat file named `.mp4` opens other files, the protocol list
 * notwithstanding. Without a known container FFmpeg may choose, but only among
 * the same few.
 */
export function guardedInput(container: Container | undefined): string[] {
  const formats =
    container === undefined ? Object.values(demuxerNames).join(',') : demuxerNames[container]
  return [
    '-protocol_whitelist',
    'file',
    '-format_whitelist',
    formats,
    '-codec_whitelist',
    decoders.join(','),
    '-max_pixels',
    String(mostPixels),
    ...(container === undefined ? [] : ['-f', container]),
  ]
}

/** The same for one still picture. */
export function guardedPicture(format: 'jpeg' | 'png'): string[] {
  const decoder = format === 'jpeg' ? 'mjpeg' : 'png'
  return [
    '-protocol_whitelist',
    'file',
    '-format_whitelist',
    `${format}_pipe`,
    '-codec_whitelist',
    decoder,
    '-max_pixels',
    String(mostPhotoPixels),
    '-f',
    `${format}_pipe`,
  ]
}

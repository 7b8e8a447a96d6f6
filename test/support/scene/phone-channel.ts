/**
 * What phones make of sound when they store it: codecs by ffmpeg, with the
 * delay that each leaves in what the product decodes. Debian's ffmpeg has no
 * AMR encoder: GSM full rate stands in, and Speex at 8 kHz (the same family,
 * code-excited linear prediction), decoded and stored again as A-law.
 */

interface Codec {
  readonly ending: string
  readonly sampleRateHz: number
  /** ffmpeg's output arguments. */
  readonly arguments: string
  /** A first coding that the sound has behind it, as from a phone call. */
  readonly before?: string
  /** Decoded sound comes later than what went in, by this; measured, see sound-scene.test.ts. */
  readonly delaySeconds: number
}

const mp4 = '-movie_timescale 90000 -f mp4'

export const codecs = {
  'aac-48k': {
    ending: 'm4a',
    sampleRateHz: 48000,
    arguments: `-c:a aac -b:a 128k ${mp4}`,
    delaySeconds: 0,
  },
  'aac-44k': {
    ending: 'm4a',
    sampleRateHz: 44100,
    arguments: `-c:a aac -b:a 64k ${mp4}`,
    delaySeconds: 0,
  },
  'aac-22k': {
    ending: 'm4a',
    sampleRateHz: 22050,
    arguments: `-c:a aac -b:a 24k ${mp4}`,
    delaySeconds: 0,
  },
  'aac-8k': {
    ending: '3gp',
    sampleRateHz: 8000,
    arguments: '-c:a aac -b:a 12k -movie_timescale 90000 -f 3gp',
    delaySeconds: 0,
  },
  'opus-64k': {
    ending: 'webm',
    sampleRateHz: 48000,
    arguments: '-c:a libopus -b:a 64k -avoid_negative_ts disabled -f webm',
    delaySeconds: -0.006,
  },
  'opus-16k': {
    ending: 'webm',
    sampleRateHz: 16000,
    arguments: '-c:a libopus -b:a 16k -application voip -avoid_negative_ts disabled -f webm',
    delaySeconds: -0.001,
  },
  'opus-12k': {
    ending: 'ogg',
    sampleRateHz: 8000,
    arguments: '-c:a libopus -b:a 12k -application voip -f ogg',
    delaySeconds: 0.00012,
  },
  'mp3-128k': {
    ending: 'mp3',
    sampleRateHz: 44100,
    arguments: '-c:a libmp3lame -b:a 128k -f mp3',
    delaySeconds: 0.025057,
  },
  'mp3-24k': {
    ending: 'mp3',
    sampleRateHz: 16000,
    arguments: '-c:a libmp3lame -b:a 24k -f mp3',
    delaySeconds: 0.069063,
  },
  gsm: {
    ending: 'mov',
    sampleRateHz: 8000,
    arguments: '-c:a libgsm -movie_timescale 90000 -f mov',
    delaySeconds: 0,
  },
  speex: {
    ending: 'wav',
    sampleRateHz: 8000,
    before: '-c:a libspeex -b:a 8k -f ogg',
    arguments: '-c:a pcm_alaw -f wav',
    delaySeconds: 0.00999,
  },
  'adpcm-11k': {
    ending: 'wav',
    sampleRateHz: 11025,
    arguments: '-c:a adpcm_ima_wav -f wav',
    delaySeconds: 0,
  },
  'pcm-8k': { ending: 'wav', sampleRateHz: 8000, arguments: '-c:a pcm_u8 -f wav', delaySeconds: 0 },
  'pcm-48k': {
    ending: 'wav',
    sampleRateHz: 48000,
    arguments: '-c:a pcm_s16le -f wav',
    delaySeconds: 0,
  },
} as const satisfies Readonly<Record<string, Codec>>

export type CodecName = keyof typeof codecs

export const codecNames = Object.keys(codecs) as readonly CodecName[]

const good: readonly CodecName[] = ['aac-48k', 'aac-44k', 'opus-64k']
const middling: readonly CodecName[] = [...good, 'mp3-128k', 'aac-22k', 'opus-16k', 'pcm-48k']

export function codecsOf(difficulty: 1 | 2 | 3 | 4): readonly CodecName[] {
  return difficulty === 1 ? good : difficulty === 2 ? middling : codecNames
}

export function codec(name: CodecName): Codec {
  return codecs[name]
}

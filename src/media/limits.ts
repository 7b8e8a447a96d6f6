import type { Limits } from './sandbox.ts'

const mebibyte = 1024 * 1024

/** Longest recording taken, in own time. */
export const longestRecordingSeconds = 12 * 3600
/** More than 12 hours at 60 frames a second. */
export const mostFrames = 2_600_000
export const mostStreams = 64
export const mostPixels = 40_000_000
/** Phones take photos of up to 108 million pixels. */
export const mostPhotoPixels = 120_000_000
/** All streams together; sound comes in 20 ms packets. */
export const mostPackets = 8_000_000

export const probeLimits: Limits = {
  cpuSeconds: 300,
  wallSeconds: 900,
  memoryBytes: 3072 * mebibyte,
  outputBytes: mebibyte,
  stdoutBytes: 1024 * mebibyte,
}

/** A whole recording is decoded and encoded. */
export const transcodeLimits: Limits = {
  cpuSeconds: 24 * 3600,
  wallSeconds: 12 * 3600,
  memoryBytes: 6144 * mebibyte,
  outputBytes: 64 * 1024 * mebibyte,
  stdoutBytes: 4096 * mebibyte,
}

/** A segment, a still, a grid. */
export const renderLimits: Limits = {
  cpuSeconds: 4 * 3600,
  wallSeconds: 2 * 3600,
  memoryBytes: 8192 * mebibyte,
  outputBytes: 8192 * mebibyte,
  stdoutBytes: 64 * mebibyte,
}

export const documentLimits: Limits = {
  cpuSeconds: 60,
  wallSeconds: 120,
  memoryBytes: 2048 * mebibyte,
  outputBytes: 256 * mebibyte,
  stdoutBytes: 256 * mebibyte,
}

export { dotBytes, dotRuns } from './agreement'
export {
  addUp,
  cutFrames,
  energyOf,
  fadeInto,
  highPass,
  melLogs,
  normalise,
  quantise,
  subtractPeriodic,
  transpose,
} from './features'
export { heightsByLength, heightsByOverlap, highestOfBlocks } from './heights'
export { highestLines } from './lines'
export { centreAndDistance } from './medians'
export { evidenceNear } from './votes'
export { cellEnergies, excerpt, keepPhases, powers, readWindow, widen } from './windows'

export function allocate(bytes: i32): usize {
  return heap.alloc(bytes)
}

export function release(pointer: usize): void {
  heap.free(pointer)
}

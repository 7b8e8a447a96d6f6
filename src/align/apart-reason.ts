import type { ApartCode } from './alignment.ts'
import { shortestOverlapSeconds } from './coarse-search.ts'
import type { PairFinding, Sound } from './pair-search.ts'
import { sampleRateHz } from './sound-features.ts'

/** A recording of which so much repeats is apart for that reason. */
const mostlyRepeated = 0.5

/** Why a recording is on no clock, for whoever reads the result. `raw`: its sound as given. */
export function apartReason(
  recording: number,
  raw: { readonly length: number },
  heard: readonly Sound[],
  findings: readonly PairFinding[],
): { readonly code: ApartCode; readonly reason: string } {
  if (raw.length === 0) return { code: 'no-audio', reason: 'It has no sound track.' }
  if (raw.length / sampleRateHz < shortestOverlapSeconds) {
    return { code: 'too-short', reason: `It is shorter than ${shortestOverlapSeconds} s.` }
  }
  const sound = heard.find(({ place }) => place === recording)
  if (!sound) {
    return {
      code: 'silent',
      reason: `Its sound track holds less than ${shortestOverlapSeconds} s of sound.`,
    }
  }
  if (heard.length < 2) {
    return {
      code: 'only-recording',
      reason: 'There is no other recording with sound to compare it with.',
    }
  }
  if (sound.features.repeatedShare > mostlyRepeated) {
    return {
      code: 'ambiguous-sound',
      reason: 'Most of its sound repeats exactly, so no one moment can be chosen.',
    }
  }
  const own = findings.filter(({ a, b }) => a === recording || b === recording)
  if (own.some(({ isAmbiguous }) => isAmbiguous)) {
    return {
      code: 'ambiguous-sound',
      reason:
        'It sounds like another recording at several moments equally well (a sound that repeats), so no one moment can be chosen.',
    }
  }
  const gap = Math.max(0, ...own.map((finding) => finding.gap))
  if (own.some((finding) => finding.gap === gap && finding.clear)) {
    return {
      code: 'no-shared-sound',
      reason: `At one moment it sounds like another recording (it stands clear of the next by ${gap.toFixed(1)} standard deviations), but too little of their time says so to join them: both may have heard one siren pass.`,
    }
  }
  return {
    code: 'no-shared-sound',
    reason: `No moment stands out at which it sounds like another recording (the best stands clear of the next by ${gap.toFixed(1)} standard deviations; that is too little).`,
  }
}

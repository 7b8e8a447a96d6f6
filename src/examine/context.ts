import type { CaseItem, Passage } from '../case/bundle.ts'
import { CodedError } from '../case/coded-error.ts'
import type { RecordingFacts, VideoFacts } from '../case/item-facts.ts'
import type { IncidentClock } from '../case/on-clock.ts'
import type { CaseProblemCode } from '../case/problem.ts'
import { timecode } from '../time/text.ts'

export interface ExamineContext {
  /** By the case's id of footage, photo or document. */
  readonly items: ReadonlyMap<string, CaseItem>
  readonly clock: IncidentClock
  readonly passages: ReadonlyMap<string, Passage>
  /** How readers name a recording. */
  readonly labelOf: (footage: string) => string
}

/** Why a place cannot be rendered, said to the story's author. */
export class ExamineError extends CodedError<CaseProblemCode> {
  override readonly name = 'ExamineError'
}

export function recordingOf(
  context: ExamineContext,
  footage: string,
): { readonly item: string; readonly facts: RecordingFacts; readonly video: VideoFacts } {
  const entry = context.items.get(footage)
  if (entry === undefined || entry.facts.kind !== 'recording' || entry.facts.video === undefined) {
    const why = entry?.findings.find((finding) => finding.severity === 'problem')?.message
    throw new ExamineError(
      'moment-outside-recording',
      `"${footage}" has no picture that can be shown${why === undefined ? '' : `: ${why}`}; leave it out or bring a readable file`,
    )
  }
  return { item: entry.item, facts: entry.facts, video: entry.facts.video }
}

export function outsideRecording(video: VideoFacts, footage: string, asked: string): ExamineError {
  const { frames } = video
  const first = timecode((frames.ticks[0] ?? 0) / frames.timescale)
  const end = timecode(frames.endTicks / frames.timescale)
  return new ExamineError(
    'moment-outside-recording',
    `"${footage}" has no frame at ${asked}; its picture runs from ${first} to ${end} of its own time`,
  )
}

import type { PlannedExhibit } from '../case/exhibit.ts'
import type { VideoFacts } from '../case/item-facts.ts'
import type { RecordingOnClock } from '../case/on-clock.ts'
import type { CompositeAngle, CompositeParameters } from '../case/recipe.ts'
import type { CompositePlace } from '../case/story.ts'
import type { FrameTable } from '../time/frame-table.ts'
import { microsecondsOf } from '../time/microseconds.ts'
import { cutsOf, pieceThrough } from '../time/pieced-clock.ts'
import { fromZero, roughTimecode } from '../time/text.ts'
import { ExamineError, recordingOf, type ExamineContext } from './context.ts'
import { coverPart } from './cover-part.ts'

/** The synchronised grid: every angle on the common clock, letterboxed, none cropped. */
export function planComposite(place: CompositePlace, context: ExamineContext): PlannedExhibit {
  const recordings = place.angles.map((footage) => ({ footage, ...recordingOf(context, footage) }))
  const angles = recordings.map(({ footage, facts, video }): CompositeAngle => {
    const placed = context.clock.recordings.find((recording) => recording.footage === footage)
    if (placed === undefined) throw notOnClock(context, footage)
    const piece = pieceThrough(placed, place.fromSeconds, place.toSeconds)
    if (piece === undefined) throw cutWithin(place, placed)
    return {
      picture: video.picture,
      label: context.labelOf(footage),
      offsetMicroseconds: microsecondsOf(piece.offsetSeconds),
      ratePartsPerBillion: Math.round(placed.rate * 1e9),
      firstTicks: firstTicksFrom(video.frames, piece.fromSeconds),
      endTicks: firstTicksFrom(video.frames, piece.toSeconds),
      ...(facts.sound === undefined ? {} : { soundStreamIndex: facts.sound.streamIndex }),
    }
  })
  const { columns, cellWidthPixels, cellHeightPixels } = gridFor(angles.length)
  const framesPerSecond = outputRate(recordings.map((recording) => recording.video))
  const sound = soundInput(place, angles)
  const parameters: CompositeParameters = {
    fromMicroseconds: microsecondsOf(place.fromSeconds),
    toMicroseconds: microsecondsOf(place.toSeconds),
    framesPerSecond,
    columns,
    cellWidthPixels,
    cellHeightPixels,
    angles,
    ...(sound === undefined ? {} : { soundInput: sound }),
  }
  const inputs = recordings.map(({ item, facts }) => ({ item, container: facts.container }))
  const base = { format: 'sightline-recipe/1', kind: 'composite', inputs } as const
  const treatment = `${angles.length} recordings on one clock, real speed, scaled to fit, otherwise unaltered`
  const { soundInput: _silent, ...pictured } = parameters
  const middle = microsecondsOf((place.fromSeconds + place.toSeconds) / 2)
  return {
    placeId: place.id,
    parts: [
      {
        role: 'main',
        name: place.id,
        treatment,
        durationSeconds: place.toSeconds - place.fromSeconds,
        draft: { ...base, parameters },
      },
      place.warning === undefined
        ? {
            role: 'poster',
            name: `${place.id}-poster`,
            treatment,
            draft: {
              ...base,
              parameters: {
                ...pictured,
                fromMicroseconds: middle,
                toMicroseconds: middle + Math.round(1e6 / framesPerSecond),
                asPicture: true,
              },
            },
          }
        : coverPart(`${place.id}-poster`, place.warning, inputs),
    ],
  }
}

function firstTicksFrom({ ticks, timescale, endTicks }: FrameTable, seconds: number): number {
  return ticks.find((each) => each / timescale >= seconds) ?? endTicks
}

/** One offset holds no longer than one piece: beyond a cut the grid would show another time. */
function cutWithin(place: CompositePlace, recording: RecordingOnClock): ExamineError {
  const { footage } = recording
  const cut = cutsOf(recording).find(
    ({ fromClockSeconds, toClockSeconds }) =>
      toClockSeconds > place.fromSeconds && fromClockSeconds < place.toSeconds,
  )
  const [begins, ends] = [fromZero(place.fromSeconds), fromZero(place.toSeconds)]
  return new ExamineError(
    'cut-within-exhibit',
    cut === undefined
      ? `"${footage}" has no known place on the clock for all of ${begins} to ${ends}; leave it out of angles or show another stretch`
      : `"${footage}" was cut at about ${roughTimecode(cut.ownSeconds)} of its own time: ${fromZero(cut.fromClockSeconds)} to ${fromZero(cut.toClockSeconds)} on the clock is left out of it, which ${begins} to ${ends} would run across; let the grid end before that, begin after it, or leave "${footage}" out of angles`,
  )
}

function notOnClock(context: ExamineContext, footage: string): ExamineError {
  const reason = context.clock.apart.find((recording) => recording.footage === footage)?.reason
  return new ExamineError(
    'not-on-the-clock',
    `"${footage}" is not on the incident's clock${reason === undefined ? '' : ` (${reason})`}; leave it out of the grid or add an anchor to case.yaml`,
  )
}

/** The sound asked for, else the first angle that has any. */
function soundInput(place: CompositePlace, angles: readonly CompositeAngle[]): number | undefined {
  const asked = place.sound === undefined ? -1 : place.angles.indexOf(place.sound)
  if (angles[asked]?.soundStreamIndex !== undefined) return asked
  const first = angles.findIndex((angle) => angle.soundStreamIndex !== undefined)
  return first < 0 ? undefined : first
}

function gridFor(count: number) {
  const columns = count === 1 ? 1 : count <= 4 ? 2 : 3
  return columns === 3
    ? { columns, cellWidthPixels: 480, cellHeightPixels: 270 }
    : { columns, cellWidthPixels: 640, cellHeightPixels: 360 }
}

/** The fastest angle's usual rate, so that no angle loses frames it need not; 24 to 60. */
function outputRate(videos: readonly VideoFacts[]): number {
  const rates = videos.map(({ frames }) => {
    const gaps = frames.ticks.slice(1).map((ticks, index) => ticks - (frames.ticks[index] ?? 0))
    const median = gaps.sort((a, b) => a - b)[gaps.length >> 1]
    return median === undefined || median <= 0 ? 0 : frames.timescale / median
  })
  return Math.min(60, Math.max(24, Math.round(Math.max(...rates))))
}

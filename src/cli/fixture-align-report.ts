import type { AlignedMember, AlignInput, AlignmentLink } from '../align/alignment.ts'
import { containerEvidence } from '../align/calendar-time-container.ts'
import { calendarClaim, type CalendarEvidence } from '../align/calendar-time.ts'
import type { GroupImpulse } from './align-impulses.ts'
import type { AlignReport, OwnSpan } from './align-report.ts'

/** Terminal escapes, markup, a right-to-left override, a wide script: names that a stranger chose. */
export const hostileName = 'in/\u001B[31m<img src=x onerror=alert(1)>\u202E"&amp;.mp4'
export const wideName = 'in/集会の記録、二台目の携帯電話で撮影したもの.mp4'

export function fixtureMember(
  id: string,
  offsetSeconds: number,
  more: Partial<AlignedMember> = {},
): AlignedMember {
  const errors = { errorSeconds: more.errorSeconds ?? 0.15, travelBoundSeconds: 0.146 }
  return {
    id,
    offsetSeconds,
    rate: 1,
    ...errors,
    statisticalErrorSeconds: 0.001,
    method: 'sound',
    pieces: [{ fromSeconds: 0, toSeconds: 3600, offsetSeconds, ...errors }],
    ...more,
  }
}

function link(a: string, b: string, more: Partial<AlignmentLink> = {}): AlignmentLink {
  return {
    a,
    b,
    lagSeconds: -12.3456,
    ...(more.kind === 'anchor' ? {} : { driftPpm: 31.2 }),
    confidence: 18.4,
    overlapSeconds: 288.4,
    residualSeconds: 0.0021,
    kind: 'sound',
    isSameRecording: false,
    accepted: true,
    ...more,
  }
}

export function fixtureImpulse(
  group: number,
  heardIn: readonly (readonly [recording: string, ownSeconds: number])[],
  clockSeconds: number,
  more: Partial<GroupImpulse> = {},
): GroupImpulse {
  return {
    group,
    clockSeconds,
    errorSeconds: 0.02,
    heardIn: heardIn.map(([recording, ownSeconds]) => ({
      recording,
      ownSeconds,
      errorSeconds: 0.001,
      prominenceDb: 14,
      clipped: false,
    })),
    silentIn: [],
    corroborated: heardIn.length > 1,
    echoes: [],
    ...more,
  }
}

/** Two groups, one with a clip of 2 s beside 50 minutes; two recordings apart; everything a face can show. */
export function fixtureReport(): AlignReport {
  const long = 'in/square-from-the-roof.mp4'
  const clip = 'in/clip.webm'
  const first = [
    fixtureMember(long, 0, { errorSeconds: 0.004, rate: 1.00002 }),
    fixtureMember(hostileName, 300.25, { rate: 0.99997 }),
    fixtureMember(wideName, 812.5, { method: 'sound and anchors', errorSeconds: 0.02 }),
    fixtureMember(clip, 1500.1),
    fixtureMember('out/clip.webm', 2400.75, { errorSeconds: 60 }),
  ]
  const second = [fixtureMember('night/a.mp4', 0), fixtureMember('night/b.mp4', 8.2)]
  const spans = new Map<string, OwnSpan>([
    [long, { startSeconds: -1.5, endSeconds: 3000 }],
    [hostileName, { startSeconds: 0, endSeconds: 600 }],
    [wideName, { startSeconds: 0, endSeconds: 240 }],
    [clip, { startSeconds: 0, endSeconds: 2 }],
    ['out/clip.webm', { startSeconds: 0, endSeconds: 300 }],
    ['night/a.mp4', { startSeconds: 0, endSeconds: 14 }],
    ['night/b.mp4', { startSeconds: 0, endSeconds: 31.5 }],
    ['in/no sound.mov', { startSeconds: 0, endSeconds: 20 }],
  ])
  const fileTime = (recording: string, containerTime: string): CalendarEvidence[] => {
    const span = spans.get(recording)
    return span === undefined ? [] : [containerEvidence({ recording, containerTime, ...span })]
  }
  const evidence: CalendarEvidence[] = [
    {
      recording: clip,
      ownSeconds: 0.4,
      at: '2026-06-07T17:25:02+02:00',
      uncertaintySeconds: 1,
      kind: 'stated',
    },
    ...fileTime(long, '2026-06-07T15:50:09.000000Z'),
    ...fileTime(hostileName, '2026-06-07T17:15:01.000000Z'),
    ...fileTime('in/no sound.mov', '2026-06-07T18:20:00+0200'),
  ]
  const calendar = calendarClaim(first, evidence)
  const alone = calendarClaim([fixtureMember('in/no sound.mov', 0, { errorSeconds: 0 })], evidence)
  return {
    groups: [
      {
        members: first,
        links: [
          link(hostileName, long),
          link(wideName, long, { kind: 'anchor', confidence: 2 }),
          link(clip, long),
          link(clip, wideName, {
            accepted: false,
            reason: 'Differs by 4.210 s from stronger evidence; travel explains at most 0.292 s.',
          }),
        ],
        ...(calendar === undefined ? {} : { calendar }),
      },
      { members: second, links: [link('night/a.mp4', 'night/b.mp4')] },
    ],
    apart: [
      {
        id: 'in/<b>drums.mp4',
        code: 'ambiguous-sound',
        reason:
          'Its sound repeats: it fits at several places about equally well, and no other recording decides between them.',
      },
      {
        id: 'in/no sound.mov',
        code: 'no-audio',
        reason: 'The recording has no sound.',
        ...(alone === undefined ? {} : { calendar: alone }),
      },
    ],
    reuploads: [],
    unheard: [],
    impulses: [
      fixtureImpulse(
        0,
        [
          [hostileName, 540],
          [wideName, 27.75],
        ],
        840.2,
        {
          silentIn: [long],
          toNext: { seconds: 40.25, errorSeconds: 0.03, heardInBoth: 1 },
        },
      ),
      fixtureImpulse(
        0,
        [
          [wideName, 68],
          [long, 880.5],
        ],
        880.5,
      ),
      fixtureImpulse(0, [['out/clip.webm', 150]], 2550),
    ],
    spans,
  }
}

/** Sound for the fixture's recordings: noise, and a burst of it wherever one hears an impulsive sound. */
export function fixtureInputs({ impulses, spans }: AlignReport): readonly AlignInput[] {
  const rateHz = 8000
  return [...spans].map(([id, { endSeconds }]) => {
    const bursts = impulses
      .flatMap(({ heardIn }) => heardIn.filter(({ recording }) => recording === id))
      .map(({ ownSeconds }) => ownSeconds * rateHz)
    let state = 1
    return {
      id,
      samples: {
        length: endSeconds * rateHz,
        read(from, into) {
          for (let index = 0; index < into.length; index++) {
            state = (Math.imul(state, 1664525) + 1013904223) >>> 0
            const since = bursts.map((at) => from + index - at).filter((each) => each >= 0)
            const burst = since.reduce((sum, each) => sum + Math.exp(-each / 400), 0)
            into[index] = (0.01 + 0.5 * burst) * (state / 2 ** 31 - 1)
          }
        },
      },
    }
  })
}

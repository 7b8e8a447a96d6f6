/**
 * Real sound with known clocks: nine field recorders in a forest, set by GPS (R
 * package locaR). The recordings are read where they lie, never copied here.
 */
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { alignRecordings } from '../../src/align/align-recordings.ts'
import type { AlignedMember } from '../../src/align/alignment.ts'
import { sampleRateHz } from '../../src/align/sound-features.ts'
import { packageRoot } from '../../src/jobs/package-root.ts'
import { toClock } from '../../src/time/clock.ts'
import { decodedSound } from '../support/decoded-sound.ts'

const folder =
  process.env['SIGHTLINE_FIELD_RECORDERS'] ??
  join(packageRoot, '..', 'shared', 'data', 'field-recorders')
const skip = existsSync(join(folder, 'coordinates.csv'))
  ? false
  : `no field recorders in ${folder}; SIGHTLINE_FIELD_RECORDERS names their folder`

/** Metres; the loud singer, where the data's authors placed it (localized.csv). */
const singer = [371336.4, 5934570.3, 744] as const
const soundSpeedMetresPerSecond = 338
const toleranceSeconds = 0.01

interface Recorder {
  readonly id: string
  readonly samples: Float32Array
  /** The singer's sound needs this long to reach it. */
  readonly travelSeconds: number
  readonly position: {
    readonly xMetres: number
    readonly yMetres: number
    readonly errorMetres: number
  }
}

let read: Promise<readonly Recorder[]> | undefined
const readOnce = () => (read ??= readRecorders())

test(
  'nine field recorders: all 36 pairs on one clock, within 10 ms of acoustic truth',
  { skip },
  async (context) => {
    const recorders = await readOnce()
    const { groups, apart } = alignRecordings(recorders.map(({ id, samples }) => ({ id, samples })))
    assert.deepEqual([groups.length, groups[0]?.members.length, apart], [1, 9, []])
    const members = new Map(groups[0]!.members.map((member) => [member.id, member]))
    const errors = recorders
      .flatMap((one, index) =>
        recorders
          .slice(index + 1)
          .map((two) => acousticError(one, two, members.get(one.id)!, members.get(two.id)!)),
      )
      .sort((one, two) => one - two)
    assert.equal(errors.length, 36)
    const [worst, median] = [errors[35]!, (errors[17]! + errors[18]!) / 2]
    context.diagnostic(
      `worst of 36 pairs ${inMilliseconds(worst)}, median ${inMilliseconds(median)}`,
    )
    assert.ok(worst <= toleranceSeconds, inMilliseconds(worst))
  },
)

test(
  'nine field recorders: with their places known, GPS time is within every stated error',
  { skip },
  async (context) => {
    const recorders = await readOnce()
    const { groups } = alignRecordings(
      recorders.map(({ id, samples, position }) => ({ id, samples, position })),
      { soundSpeedMetresPerSecond },
    )
    const [first, ...others] = groups[0]!.members
    assert.equal(others.length, 8)
    const shares = others.map((member) => {
      const ends = [0, recorders.find(({ id }) => id === member.id)!.samples.length / sampleRateHz]
      const error = Math.max(...ends.map((at) => Math.abs(between(member, at, first!, at))))
      assert.ok(
        error <= member.errorSeconds,
        `${member.id}: off by ${inMilliseconds(error)}, stated ${inMilliseconds(member.errorSeconds)}`,
      )
      return error / member.errorSeconds
    })
    context.diagnostic(`largest share of a stated error used: ${Math.max(...shares).toFixed(2)}`)
  },
)

async function readRecorders(): Promise<Recorder[]> {
  const [, ...rows] = (await readFile(join(folder, 'coordinates.csv'), 'utf8'))
    .trim()
    .split(/\r?\n/)
  const recorders: Recorder[] = []
  for (const [index, row] of rows.entries()) {
    const [id = '', , ...place] = row.split(',')
    const [xMetres, yMetres, zMetres] = place.map(Number) as [number, number, number]
    recorders.push({
      id,
      samples: await decodedSound(join(folder, `recorder-${index + 1}.mp3`)),
      travelSeconds:
        Math.hypot(xMetres - singer[0], yMetres - singer[1], zMetres - singer[2]) /
        soundSpeedMetresPerSecond,
      position: { xMetres, yMetres, errorMetres: 1 },
    })
  }
  return recorders
}

/** Each hears the singer later by its own travel; on the clock that should be one moment. At the worst end of what both recorded. */
function acousticError(
  one: Recorder,
  two: Recorder,
  memberOne: AlignedMember,
  memberTwo: AlignedMember,
): number {
  const first = -Math.min(one.travelSeconds, two.travelSeconds)
  const last = Math.min(
    ...[one, two].map(
      ({ samples, travelSeconds }) => samples.length / sampleRateHz - travelSeconds,
    ),
  )
  return Math.max(
    ...[first, last].map((sung) =>
      Math.abs(between(memberOne, sung + one.travelSeconds, memberTwo, sung + two.travelSeconds)),
    ),
  )
}

/** On the clock, from a moment of the second to a moment of the first. */
function between(one: AlignedMember, oneSeconds: number, two: AlignedMember, twoSeconds: number) {
  return toClock(one, oneSeconds) - toClock(two, twoSeconds)
}

function inMilliseconds(seconds: number): string {
  return `${(1000 * seconds).toFixed(2)} ms`
}

/** What makes a sound scene hard, by difficulty; bench/README.md has the table. */
import type { Liveliness } from './sound-scene-sources.ts'

export type Difficulty = 1 | 2 | 3 | 4

export interface Setting {
  readonly snrDecibels: readonly [number, number]
  readonly spreadMetres: number
  /** Rates lie within ± this. */
  readonly driftPpm: number
  /** Chance of a recording that only just meets another. */
  readonly shortMeetings: number
  /** How likely wind, handling, gain control, clipping and a near talker are, 0 to 1. */
  readonly nuisances: number
  /** Most that a wall returns of a sound's amplitude. */
  readonly wallReturn: number
  readonly liveliness: Liveliness
}

export const settings: Readonly<Record<Difficulty, Setting>> = {
  1: {
    snrDecibels: [12, 20],
    spreadMetres: 30,
    driftPpm: 50,
    shortMeetings: 0,
    nuisances: 0.1,
    wallReturn: 0.3,
    liveliness: {
      babbleGroups: 1,
      walkers: 2,
      shouts: 30,
      bangs: 8,
      traffic: 6,
      sirens: 0,
      chantShare: 0,
      musicShare: 0,
    },
  },
  2: {
    snrDecibels: [3, 18],
    spreadMetres: 50,
    driftPpm: 120,
    shortMeetings: 0.2,
    nuisances: 0.3,
    wallReturn: 0.5,
    liveliness: {
      babbleGroups: 2,
      walkers: 2,
      shouts: 25,
      bangs: 6,
      traffic: 10,
      sirens: 1,
      chantShare: 0.2,
      musicShare: 0,
    },
  },
  3: {
    snrDecibels: [-4, 18],
    spreadMetres: 75,
    driftPpm: 250,
    shortMeetings: 0.35,
    nuisances: 0.5,
    wallReturn: 0.6,
    liveliness: {
      babbleGroups: 2,
      walkers: 2,
      shouts: 20,
      bangs: 5,
      traffic: 12,
      sirens: 1.5,
      chantShare: 0.25,
      musicShare: 0.25,
    },
  },
  4: {
    snrDecibels: [-10, 20],
    spreadMetres: 100,
    driftPpm: 300,
    shortMeetings: 0.45,
    nuisances: 0.7,
    wallReturn: 0.7,
    liveliness: {
      babbleGroups: 2,
      walkers: 3,
      shouts: 15,
      bangs: 4,
      traffic: 14,
      sirens: 2,
      chantShare: 0.35,
      musicShare: 0.4,
    },
  },
}

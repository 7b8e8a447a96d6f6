/** How hard a scene is. "hard" was set by a reference sketch on scenes of kind street; README.md says how. */
export interface Level {
  readonly name: LevelName
  readonly worstSnrDecibels: number
  readonly bestSnrDecibels: number
  readonly mostDriftPpm: number
  /** 0 to 1: how often wind, hands, pockets, gain control and the rest go wrong. */
  readonly troubles: number
  /** Share of phones that walk. */
  readonly walkers: number
  readonly clips: number
  readonly meetings: number
  /** 0 to 1: how much that repeats to the sample is heard. */
  readonly repetition: number
}

export const levelNames = ['plain', 'hard'] as const

export type LevelName = (typeof levelNames)[number]

export const levels: Readonly<Record<LevelName, Level>> = {
  plain: {
    name: 'plain',
    worstSnrDecibels: 10,
    bestSnrDecibels: 20,
    mostDriftPpm: 60,
    troubles: 0.15,
    walkers: 0,
    clips: 0.05,
    meetings: 0.05,
    repetition: 0.3,
  },
  hard: {
    name: 'hard',
    worstSnrDecibels: -10,
    bestSnrDecibels: 20,
    mostDriftPpm: 300,
    troubles: 0.6,
    walkers: 0.25,
    clips: 0.15,
    meetings: 0.2,
    repetition: 0.8,
  },
}

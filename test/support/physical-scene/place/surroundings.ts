/** What gives sound back: two rows of façades, the ends of a square, the walls of a hall, the ground. */
import type { Random } from '../../scene/random.ts'
import type { Image, Reverberation } from './place.ts'

interface Surroundings {
  readonly images: readonly Image[]
  readonly reverberation: Reverberation
}

const upright = { xFlip: 1, xShiftMetres: 0, yFlip: 1, yShiftMetres: 0, below: false } as const
const ground: Image = { ...upright, below: true, gain: -0.55, cutHz: 2500, houses: [] }

const acrossY = (yMetres: number, gain: number, cutHz: number, houses: number[]): Image => ({
  ...upright,
  yFlip: -1,
  yShiftMetres: 2 * yMetres,
  gain,
  cutHz,
  houses,
})
const acrossX = (xMetres: number, gain: number, cutHz: number): Image => ({
  ...upright,
  xFlip: -1,
  xShiftMetres: 2 * xMetres,
  gain,
  cutHz,
  houses: [],
})

/** Houses on both sides with gaps between, each giving back its own share; sound goes back and forth once. */
export function streetSurroundings(random: Random, halfWidthMetres: number): Surroundings {
  const houses = (): number[] =>
    Array.from({ length: 9 }, () => (random.chance(0.2) ? 0 : random.between(0.25, 0.85)))
  const [left, right] = [houses(), houses()]
  const twice = { ...upright, gain: 0.35, cutHz: 2500, houses: left }
  return {
    images: [
      ground,
      acrossY(halfWidthMetres, 0.9, 5000, left),
      acrossY(-halfWidthMetres, 0.9, 5000, right),
      { ...twice, yShiftMetres: 4 * halfWidthMetres },
      { ...twice, yShiftMetres: -4 * halfWidthMetres },
      acrossX(random.between(60, 160), 0.35, 2500),
      acrossX(random.between(-160, -60), 0.35, 2500),
    ],
    reverberation: {
      seconds: random.between(0.7, 1.5),
      cutHz: random.between(2000, 3500),
      criticalMetres: random.between(18, 32),
      reachMetres: 70,
    },
  }
}

export function hallSurroundings(random: Random, long: number, wide: number): Surroundings {
  const share = (): number => random.between(0.4, 0.75)
  return {
    images: [
      ground,
      acrossY(wide / 2, share(), 4500, []),
      acrossY(-wide / 2, share(), 4500, []),
      acrossX(long / 2, share(), 4000),
      acrossX(-long / 2, share(), 4000),
      { ...upright, gain: 0.35, cutHz: 3000, houses: [], yShiftMetres: 2 * wide },
      { ...upright, gain: 0.35, cutHz: 3000, houses: [], xShiftMetres: 2 * long },
    ],
    reverberation: {
      seconds: random.between(1.4, 2.8),
      cutHz: random.between(2500, 4500),
      criticalMetres: random.between(4, 7),
      reachMetres: 1e6,
    },
  }
}

export function stadiumSurroundings(random: Random): Surroundings {
  return {
    images: [
      ground,
      acrossY(60, 0.5, 3000, []),
      acrossY(-60, 0.5, 3000, []),
      acrossX(90, 0.4, 3000),
      acrossX(-90, 0.4, 3000),
    ],
    reverberation: {
      seconds: random.between(1.8, 3),
      cutHz: 2500,
      criticalMetres: random.between(22, 35),
      reachMetres: 250,
    },
  }
}

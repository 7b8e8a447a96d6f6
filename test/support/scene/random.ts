/** A source of numbers that is the same for the same seed on every machine. */
export interface Random {
  /** Uniform in [0, 1). */
  readonly next: () => number
  readonly between: (low: number, high: number) => number
  /** An integer in [low, high], both included. */
  readonly integer: (low: number, high: number) => number
  readonly chance: (probability: number) => boolean
  readonly pick: <T>(choices: readonly T[]) => T
}

/**
 * For plans, which draw some hundreds of numbers. Mulberry32 (T. Ettinger, public
 * domain): every seed begins elsewhere on one cycle of 2³², so that a signal of
 * millions of numbers would now and then be a stretch of another one: `noiseFrom`.
 */
export function randomFrom(seed: number): Random {
  let state = seed | 0
  return drawingFrom(() => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  })
}

/** For signals. sfc32 (C. Doty-Humphrey, PractRand, public domain), its 128 bits of state filled from the seed. */
export function noiseFrom(seed: number): Random {
  let fill = seed | 0
  const filled = (): number => {
    fill = (fill + 0x9e3779b9) | 0
    let mixed = Math.imul(fill ^ (fill >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return mixed ^ (mixed >>> 15)
  }
  let a = filled()
  let b = filled()
  let c = filled()
  let counter = 1
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0
    counter = (counter + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (((c << 21) | (c >>> 11)) + sum) | 0
    return (sum >>> 0) / 4294967296
  }
  for (let round = 0; round < 12; round++) next()
  return drawingFrom(next)
}

function drawingFrom(next: () => number): Random {
  const integer = (low: number, high: number): number => low + Math.floor(next() * (high - low + 1))
  return {
    next,
    integer,
    between: (low, high) => low + next() * (high - low),
    chance: (probability) => next() < probability,
    pick: (choices) => {
      const choice = choices[integer(0, choices.length - 1)]
      if (choice === undefined) throw new RangeError('nothing to pick from')
      return choice
    },
  }
}

/** A seed of its own for each named part, so that adding a part leaves the others as they were. */
export function seedFor(seed: number, name: string): number {
  let hash = (seed ^ 0x811c9dc5) >>> 0
  for (let index = 0; index < name.length; index++) {
    hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193) >>> 0
  }
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d) >>> 0
}

import type { CaseProblem, CaseProblemCode } from './problem.ts'
import type { Kernel, Region } from './recipe.ts'

export const storyFileName = 'story.md'

/** The lists of a case that a story's directives may name. */
export const storyLists = ['footage', 'photos', 'documents', 'statements', 'claims'] as const
export interface StoryReference {
  readonly list: (typeof storyLists)[number]
  readonly id: string
}

interface DirectiveLike {
  readonly name: string
  readonly attributes?: Record<string, string | null | undefined> | null | undefined
  readonly position?:
    | { readonly start: { readonly line: number; readonly column: number } }
    | undefined
}

/**
 * Reads a directive's attributes by name and keeps what is wrong with them:
 * missing, misspelt or unknown ones, each with the directive's line and column.
 */
export class DirectiveAttributes {
  readonly problems: CaseProblem[] = []
  /** What of the case it names. */
  readonly references: StoryReference[] = []
  readonly line: number
  readonly column: number
  readonly #node: DirectiveLike
  readonly #known = new Set<string>(['id'])

  constructor(node: DirectiveLike) {
    this.#node = node
    this.line = node.position?.start.line ?? 1
    this.column = node.position?.start.column ?? 1
  }

  problem(code: CaseProblemCode, message: string): void {
    const { line, column } = this
    this.problems.push({
      code,
      file: storyFileName,
      line,
      column,
      message: `${this.#node.name}: ${message}`,
    })
  }

  text(name: string): string | undefined {
    this.#known.add(name)
    const value = this.#node.attributes?.[name]
    return value === null || value === undefined || value.trim() === '' ? undefined : value.trim()
  }

  required(name: string): string {
    const value = this.text(name)
    if (value === undefined)
      this.problem('directive-attribute', `"${name}" is missing; add ${name}="…"`)
    return value ?? ''
  }

  /** Comma-separated. */
  list(name: string): readonly string[] {
    return (this.text(name) ?? '')
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  }

  seconds(name: string): number {
    const value = this.required(name)
    const seconds = Number(value)
    if (value !== '' && !Number.isFinite(seconds)) {
      this.problem(
        'directive-attribute',
        `"${name}" is "${value}"; give seconds, e.g. ${name}="12.48"`,
      )
      return 0
    }
    return seconds
  }

  wholeNumber(name: string, otherwise: number, most: number): number {
    const value = this.text(name)
    if (value === undefined) return otherwise
    const number = Number(value)
    if (Number.isInteger(number) && number >= 1 && number <= most) return number
    this.problem(
      'directive-attribute',
      `"${name}" is "${value}"; give a whole number from 1 to ${most}`,
    )
    return otherwise
  }

  /** Speed as readers see it: "0.25" is a slowdown of 4. */
  slowdown(name: string): number {
    const speed = this.seconds(name)
    const slowdown = Math.round(1 / speed)
    if (speed > 0 && speed < 1 && slowdown <= 32 && Math.abs(1 / slowdown - speed) < 1e-9)
      return slowdown
    if (this.text(name) !== undefined) {
      this.problem(
        'directive-attribute',
        `"${name}" is "${this.text(name)}"; give one over a whole number, e.g. 0.5, 0.25, 0.125, so that no frame has to be invented`,
      )
    }
    return 4
  }

  region(name: string): Region | undefined {
    const value = this.text(name)
    if (value === undefined) return undefined
    const [x, y, width, height, ...rest] = value.split(',').map((part) => Number(part.trim()))
    if (
      isWhole(x, 0) &&
      isWhole(y, 0) &&
      isWhole(width, 2) &&
      isWhole(height, 2) &&
      rest.length === 0
    ) {
      return { x, y, width, height }
    }
    this.problem(
      'directive-attribute',
      `"${name}" is "${value}"; give pixels of the upright picture: x,y,width,height`,
    )
    return undefined
  }

  kernel(name: string): Kernel {
    const value = this.text(name) ?? 'neighbor'
    const found = kernels.get(value)
    if (found === undefined) {
      this.problem(
        'directive-attribute',
        `"${name}" is "${value}"; choose ${[...kernels.keys()].join(', ')}`,
      )
    }
    return found ?? 'neighbor'
  }

  /** Call last: reports attributes that no reader asked for. */
  finish(): readonly CaseProblem[] {
    for (const name of Object.keys(this.#node.attributes ?? {})) {
      if (this.#known.has(name)) continue
      this.problem(
        'directive-attribute',
        `"${name}" is not known here (known: ${[...this.#known].join(', ')})`,
      )
    }
    return this.problems
  }
}

const kernels = new Map<string, Kernel>([
  ['neighbor', 'neighbor'],
  ['nearest', 'neighbor'],
  ['bilinear', 'bilinear'],
  ['bicubic', 'bicubic'],
  ['lanczos', 'lanczos'],
])

function isWhole(value: number | undefined, least: number): value is number {
  return value !== undefined && Number.isInteger(value) && value >= least && value <= 100_000
}

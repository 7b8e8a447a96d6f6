import { CustodyError } from './custody-error.ts'

export type JsonValue =
  | null
  | boolean
  | number
  | string
  | readonly JsonValue[]
  | { readonly [name: string]: JsonValue }

const maxJsonDepth = 32

const refuse = (what: string): never => {
  throw new CustodyError('not-canonical', what)
}

const writeString = (text: string): string =>
  text.isWellFormed() ? JSON.stringify(text) : refuse('A string holds a lone surrogate.')

const write = (value: unknown, depth: number): string => {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return writeString(value)
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value) || Object.is(value, -0)) {
      return refuse('A number is not an integer within ±(2⁵³−1).')
    }
    return String(value)
  }
  if (typeof value !== 'object') return refuse(`A ${typeof value} has no canonical JSON.`)
  if (depth > maxJsonDepth) return refuse(`Nested more than ${maxJsonDepth} deep.`)
  if (Array.isArray(value)) {
    // Not map(): it skips holes, which would then be written as nothing.
    return `[${Array.from(value, (element: unknown) => write(element, depth + 1)).join(',')}]`
  }
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && prototype !== null) {
    return refuse('An object is not a plain one.')
  }
  // sort() compares UTF-16 code units, as RFC 8785 section 3.2.3 asks.
  const members = Object.entries(value as Record<string, unknown>)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, member]) => `${writeString(name)}:${write(member, depth + 1)}`)
  return `{${members.join(',')}}`
}

/**
 * RFC 8785, for strings, safe integers, booleans, null, arrays and plain objects.
 * A member whose value is undefined is refused, not dropped.
 * @throws CustodyError not-canonical
 */
export const canonicalJson = (value: unknown): string => write(value, 1)

/**
 * Reads text that must already be canonical. Writing the value again and
 * comparing finds duplicate names, other spellings and white space.
 * @throws CustodyError not-canonical
 */
export const parseCanonicalJson = (text: string): JsonValue => {
  let value: JsonValue
  try {
    value = JSON.parse(text) as JsonValue
  } catch (cause) {
    throw new CustodyError('not-canonical', 'Not JSON.', { cause })
  }
  return canonicalJson(value) === text ? value : refuse('Not written canonically.')
}

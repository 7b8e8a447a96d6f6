import { packageRoot } from '../jobs/package-root.ts'

const mostFrames = 20
const mostCauses = 5

export interface ErrorFields {
  readonly error: string
  readonly code?: string
  readonly stack?: readonly string[]
  /** Class and code of what caused it. */
  readonly causes?: readonly string[]
}

/** What may be said of an error: messages quote what people wrote, so none is among it. */
export function errorFields(error: unknown): ErrorFields {
  const stack = framesOf(error)
  const code = codeOf(error)
  const causes: string[] = []
  for (let cause = causeOf(error); cause !== undefined; cause = causeOf(cause)) {
    if (causes.length === mostCauses) break
    causes.push([nameOf(cause), codeOf(cause)].filter((part) => part !== undefined).join(' '))
  }
  return {
    error: nameOf(error),
    ...(code === undefined ? {} : { code }),
    ...(stack.length === 0 ? {} : { stack }),
    ...(causes.length === 0 ? {} : { causes }),
  }
}

function nameOf(error: unknown): string {
  if (!(error instanceof Error)) return `thrown ${typeof error}`
  return /^[A-Z][A-Za-z0-9]{0,60}$/.test(error.name) ? error.name : 'Error'
}

function codeOf(error: unknown): string | undefined {
  const { code } = Object(error) as { readonly code?: unknown }
  return typeof code === 'string' && /^[A-Za-z0-9_-]{1,60}$/.test(code) ? code : undefined
}

function causeOf(error: unknown): unknown {
  return error instanceof Error ? error.cause : undefined
}

/** ` at name (place:line:column)`; the name is a function's, which no input makes. */
const frame = /^ {4}at (?:async )?(?:([\w$.<>#[\] ]{1,100}) \()?(.{1,1000}?):(\d+):(\d+)\)?$/

/** Places in this program and in Node; a message that looks like a frame is cut off before. */
function framesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return []
  const { stack, message } = error
  const at = message === '' ? 0 : stack.indexOf(message)
  if (at < 0) return []
  return stack
    .slice(at + message.length)
    .split('\n')
    .flatMap((line) => {
      const [, name = '', place = '', row = '', column = ''] = frame.exec(line) ?? []
      const known = knownPlace(place)
      return known === undefined ? [] : [`${name} ${known}:${row}:${column}`.trim()]
    })
    .slice(0, mostFrames)
}

/** Without the folder of the installation, which may lie in somebody's home. */
function knownPlace(place: string): string | undefined {
  const path = place.replace(/^file:\/\//, '')
  if (path.startsWith(`${packageRoot}/`)) return path.slice(packageRoot.length + 1)
  return /^node:[\w/]{1,80}$/.test(path) ? path : undefined
}

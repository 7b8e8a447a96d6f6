/** A line of the log as a person reads it: time of day in UTC, level, event, then what there is. */
export function logLine(json: string): string {
  const { time, level, event, stack, ...fields } = JSON.parse(json) as Record<string, unknown>
  const { method, route, status, ...others } = fields
  const said = [method, route, status].filter((value) => value !== undefined)
  for (const [name, value] of Object.entries(others)) said.push(`${name}=${textOf(value)}`)
  const clock = String(time).slice(11, 19)
  const first = `${clock}Z ${String(level).padEnd(5)} ${[event, ...said].join(' ')}\n`
  const frames = Array.isArray(stack) ? stack : []
  return first + frames.map((at) => `    at ${String(at)}\n`).join('')
}

const textOf = (value: unknown): string => (Array.isArray(value) ? value.join(', ') : String(value))

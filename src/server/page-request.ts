/** What the desk's pages read of a request: the incident that its path names, the fields of its form. */
import { readIncidents, type Incident } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import { noIncident } from './api-schemas.ts'
import type { GateContext } from './gate.ts'
import { ProblemError } from './problem.ts'

/** Of a path: `context.req.param('incident')`. */
export const incidentPath = '/incidents/:incident{[a-z0-9][a-z0-9-]{0,99}}'

const usualMostFormBytes = 32 * 1024

/** @throws ProblemError 404 */
export async function incidentOf(library: Library, context: GateContext): Promise<Incident> {
  const id = context.req.param('incident') ?? ''
  const [found] = await library.read((reader) => readIncidents(reader, id))
  if (found === undefined) throw noIncident(id)
  return found
}

/** @throws ProblemError 413 */
export async function fieldsOf(
  context: GateContext,
  mostBytes = usualMostFormBytes,
): Promise<URLSearchParams> {
  return new URLSearchParams(await readSmall(context, mostBytes))
}

/** The body as text. @throws ProblemError 413 */
export async function readSmall(context: GateContext, mostBytes: number): Promise<string> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of context.req.raw.body ?? []) {
    length += part.length
    if (length > mostBytes) throw new ProblemError(413, `No more than ${mostBytes} bytes are read.`)
    parts.push(part)
  }
  return Buffer.concat(parts).toString('utf8')
}

/** Bytes of an incident for its team: originals, each reading an entry in the log, and what was made from them. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { readOutput } from '../store/derivatives.ts'
import { noteReading, readOriginalFacts } from '../store/originals.ts'
import { inIncident, sha256 } from './api-schemas.ts'
import { blobAnswer, type BlobSource } from './blob-answer.ts'
import { needs, type GateEnv } from './gate.ts'
import { problemAnswer, ProblemError } from './problem.ts'

const bytes = {
  200: { description: 'All of it.', content: { 'application/octet-stream': { schema: z.any() } } },
  206: {
    description: 'The range asked for.',
    content: { 'application/octet-stream': { schema: z.any() } },
  },
  304: { description: 'As the ETag says.' },
  307: { description: 'To the object store, for a minute, where the operator switched that on.' },
  400: problemAnswer('A parameter is not as it should be.'),
  404: problemAnswer('This incident has no such thing.'),
  416: problemAnswer('No such range.'),
}

const routes = {
  original: createRoute({
    ...needs({ to: 'original.read', within: 'incident', isFresh: true }),
    method: 'get',
    path: '/incidents/{incident}/items/{item}/original',
    summary: 'The bytes of an item as received; that they were read is an entry in the custody log',
    request: { params: inIncident.extend({ item: sha256 }) },
    responses: bytes,
  }),
  derivative: createRoute({
    ...needs({ to: 'item.read', within: 'incident' }),
    method: 'get',
    path: '/incidents/{incident}/derivatives/{output}',
    summary: 'A proxy, poster, segment or other output, by its SHA-256',
    request: { params: inIncident.extend({ output: sha256 }) },
    responses: bytes,
  }),
}

/** A download in many ranges is one reading. */
const oneReadingMilliseconds = 3_600_000
const mostRemembered = 10_000

export function addMedia(app: OpenAPIHono<GateEnv>, source: BlobSource): void {
  const { library } = source
  const readings = new Map<string, number>()

  app.openapi(routes.original, async (context) => {
    const { incident, item } = context.req.valid('param')
    const facts = await library.read((reader) => readOriginalFacts(reader, incident, item))
    if (facts === undefined) throw new ProblemError(404, 'This incident has no such item.')
    const { agent } = context.get('asker')
    const key = `${agent.actor} ${incident} ${item}`
    const now = library.effects.now().getTime()
    if (now - (readings.get(key) ?? -Infinity) > oneReadingMilliseconds) {
      await library.transact(agent, (tx) => noteReading(tx, incident, item))
      if (readings.size >= mostRemembered) readings.clear()
      readings.set(key, now)
    }
    const { sizeBytes, mediaType } = facts
    const headers = {
      // Hostile media: never shown as a page of ours.
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename="${item}"`,
      'x-media-type': mediaType,
    }
    return blobAnswer(
      source,
      context,
      { sha256: item, sizeBytes },
      { mediaType, of: 'desk', headers },
    )
  })

  app.openapi(routes.derivative, async (context) => {
    const { incident, output } = context.req.valid('param')
    const found = await library.read((reader) => readOutput(reader, incident, output))
    if (found === undefined) throw new ProblemError(404, 'This incident has no such output.')
    const { mediaType, sizeBytes } = found
    return blobAnswer(
      source,
      context,
      { sha256: output, sizeBytes },
      { mediaType, of: 'desk', headers: { 'content-type': mediaType } },
    )
  })
}

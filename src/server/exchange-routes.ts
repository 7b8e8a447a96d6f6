/** A case as its two texts, in; a published bundle's files, out: what commands do through the desk. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import { caseFileName } from '../case/read-case.ts'
import { storyFileName } from '../case/directive-attributes.ts'
import { CaseError } from '../case/problem.ts'
import { importTexts } from '../jobs/import-case.ts'
import { readIncidents, readPublications } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import { readPublicationFiles } from '../store/publications.ts'
import {
  absent,
  count,
  inIncident,
  json,
  malformed,
  noIncident,
  sha256,
  whole,
} from './api-schemas.ts'
import { needs, type GateEnv } from './gate.ts'
import { problemAnswer, ProblemError } from './problem.ts'
import { atMost } from './versions.ts'

const mostTextBytes = 16 * 2 ** 20
const writes = needs({ to: 'story.edit', within: 'incident' })

const routes = {
  importCase: createRoute({
    ...writes,
    middleware: [writes.middleware, atMost(mostTextBytes)],
    method: 'put',
    path: '/incidents/{incident}/case',
    summary: `Take in a case folder’s ${caseFileName} and ${storyFileName}; its files were uploaded before. It takes the place of what was edited`,
    request: {
      params: inIncident,
      body: {
        required: true,
        content: {
          'application/json': {
            schema: z.object({
              case: z.string(),
              story: z.string(),
              files: z
                .record(z.string().max(1024), sha256)
                .describe('which item each path in the case is'),
            }),
          },
        },
      },
    },
    responses: {
      200: json(z.object({ revision: count }), 'The revision of the case that this is.'),
      400: malformed,
      404: absent,
      413: problemAnswer('More was sent than is taken.'),
      422: problemAnswer('`problems` says what is wrong, with line and column.'),
    },
  }),
  files: createRoute({
    ...needs({ to: 'incident.read', within: 'incident' }),
    method: 'get',
    path: '/incidents/{incident}/publications/{revision}/files',
    summary: 'The files of a published bundle',
    request: { params: inIncident.extend({ revision: whole(1) }) },
    responses: {
      200: json(
        z.object({ files: z.array(z.object({ path: z.string(), sha256 })) }),
        'By their paths.',
      ),
      400: malformed,
      404: absent,
    },
  }),
}

export function addExchange(app: OpenAPIHono<GateEnv>, library: Library): void {
  const requireIncident = async (id: string): Promise<void> => {
    if ((await library.read((reader) => readIncidents(reader, id))).length === 0) {
      throw noIncident(id)
    }
  }

  app.openapi(routes.importCase, async (context) => {
    const { incident } = context.req.valid('param')
    const { case: caseText, story, files } = context.req.valid('json')
    await requireIncident(incident)
    const asker = context.get('asker')
    if (!asker.may('case.edit', incident)) {
      throw new ProblemError(403, 'This needs case.edit besides; it replaces every record.')
    }
    const texts = { caseText, storyText: story, files: new Map(Object.entries(files)) }
    const revision = await importTexts(library, asker.agent, incident, texts).catch(
      (error: unknown) => {
        if (!(error instanceof CaseError)) throw error
        throw new ProblemError(422, error.message, error.code, { problems: error.problems })
      },
    )
    return context.json({ revision }, 200)
  })

  app.openapi(routes.files, async (context) => {
    const { incident, revision } = context.req.valid('param')
    const files = await library.read(async (reader) => {
      const known = await readPublications(reader, incident)
      return known.some((one) => one.revision === revision)
        ? readPublicationFiles(reader, incident, revision)
        : undefined
    })
    if (files === undefined) {
      throw new ProblemError(404, `Incident "${incident}" has no published revision ${revision}.`)
    }
    return context.json({ files: [...files] }, 200)
  })
}

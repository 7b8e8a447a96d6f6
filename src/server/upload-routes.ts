/** Files of the team into an incident: tus under the interface, and a page of the desk. */
import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi'
import type { Hono } from 'hono'
import { readPageScript, type PageScript } from '../jobs/page-scripts.ts'
import { count, findingSchema, inIncident, json, sha256 } from './api-schemas.ts'
import { needs, page, type GateEnv } from './gate.ts'
import { incidentOf, incidentPath } from './page-request.ts'
import { problemAnswer } from './problem.ts'
import type { UploadPlace } from './tus.ts'
import { uploadPage } from './upload-page.ts'
import type { UploadServices } from './upload-services.ts'

const access = { to: 'item.add', within: 'incident' } as const
const upload = z.string().regex(/^[0-9a-f]{32}$/)

const became = z.discriminatedUnion('state', [
  z.object({ state: z.literal('arriving'), offset: count, sizeBytes: count }),
  z.object({
    state: z.literal('arrived'),
    item: sha256,
    kind: z.enum(['recording', 'photo', 'document', 'other']),
    mediaType: z.string(),
    sizeBytes: count,
    seenBefore: z.boolean(),
    examined: z.boolean(),
    findings: z.array(findingSchema),
  }),
])

const told = { 200: json(became, 'Where the upload is, or what became of it.') }
const done = {
  ...told,
  201: { description: 'Begun, at the address in Location.' },
  204: { description: 'Done; Upload-Offset says how many bytes are there.' },
}
const refused = {
  400: problemAnswer('The request is not as tus 1.0 says.'),
  404: problemAnswer('There is no such incident or upload.'),
  409: problemAnswer('Another offset is next.'),
  410: problemAnswer('The upload has expired, was refused or was ended.'),
  412: problemAnswer('Another version of tus.'),
  413: problemAnswer('The file or the incident is too large.'),
  415: problemAnswer('What is in the file is not taken.'),
  422: problemAnswer('The file is empty, or is not what was announced.'),
  423: problemAnswer('Another request of this upload goes on.'),
  460: problemAnswer('What came is not what Upload-Checksum says.'),
  507: problemAnswer('The server has no room.'),
}

const route = (method: 'get' | 'post' | 'patch' | 'delete' | 'options', summary: string) => ({
  ...needs(access),
  method,
  summary,
  responses: { ...(method === 'get' ? told : done), ...refused },
})
const all = { path: '/incidents/{incident}/uploads', request: { params: inIncident } }
const one = {
  path: '/incidents/{incident}/uploads/{upload}',
  request: { params: inIncident.extend({ upload }) },
}
const routes = [
  createRoute({ ...route('post', 'Begin an upload (tus 1.0)'), ...all }),
  createRoute({ ...route('options', 'What of tus there is'), ...all }),
  createRoute({ ...route('get', 'Where an upload is, or what became of it'), ...one }),
  createRoute({ ...route('patch', 'Send the next bytes (tus 1.0)'), ...one }),
  createRoute({ ...route('delete', 'End an upload that is not whole (tus 1.0)'), ...one }),
  createRoute({ ...route('options', 'What of tus there is, for one upload'), ...one }),
]

export function addUploadRoutes(
  app: Hono<GateEnv>,
  api: OpenAPIHono<GateEnv>,
  { library, tus }: UploadServices,
): void {
  for (const described of routes) {
    api.openapi(described, async (context) => {
      const { incident: id } = context.req.valid('param')
      const place: UploadPlace = {
        agent: context.get('asker').agent,
        path: `/api/incidents/${id}/uploads`,
        mayReach: (asked) => asked.incident === id && asked.tip === undefined,
        destination: async () => ({ incident: id }),
        tellsFindings: true,
      }
      // Made by the tus server, which knows no schemas.
      return (await tus(context.req.raw, place)) as never
    })
  }

  page(app, 'GET', `${incidentPath}/upload`, access, async (context) =>
    context.html(uploadPage(context.get('asker'), await incidentOf(library, context))),
  )
  for (const name of ['upload', 'contribute'] as const) {
    page(app, 'GET', `/scripts/${name}.js`, { to: 'anyone' }, async (context) =>
      context.body(await script(name), 200, {
        'content-type': 'text/javascript; charset=utf-8',
        'cache-control': 'no-cache',
      }),
    )
  }
}

const scripts = new Map<PageScript, Promise<Uint8Array<ArrayBuffer>>>()

function script(name: PageScript): Promise<Uint8Array<ArrayBuffer>> {
  const made = scripts.get(name) ?? readPageScript(name).then((bytes) => Uint8Array.from(bytes))
  scripts.set(name, made)
  return made
}

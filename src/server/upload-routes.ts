/** Files of the team into an incident: tus under the interface, and a page of the desk. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Hono } from 'hono'
import { readPageScript, type PageScript } from '../jobs/page-scripts.ts'
import { readIncidents } from '../store/incidents.ts'
import { page, type GateContext, type GateEnv } from './gate.ts'
import { ProblemError } from './problem.ts'
import { formStyle } from './form-style.ts'
import type { UploadPlace } from './tus.ts'
import { uploadPage } from './upload-page.ts'
import type { UploadServices } from './upload-services.ts'

const incidentId = '[a-z0-9][a-z0-9-]{0,99}'
const uploadId = '[0-9a-f]{32}'

export function addUploadRoutes(
  app: Hono<GateEnv>,
  api: OpenAPIHono<GateEnv>,
  { library, tus }: UploadServices,
): void {
  const access = { to: 'item.add', within: 'incident' } as const
  const handle = (context: GateContext): Promise<Response> => {
    const incident = context.req.param('incident') ?? ''
    const place: UploadPlace = {
      agent: context.get('asker').agent,
      path: `/api/incidents/${incident}/uploads`,
      mayReach: (upload) => upload.incident === incident && upload.tip === undefined,
      destination: async () => ({ incident }),
      tellsFindings: true,
    }
    return tus(context.req.raw, place)
  }
  const all = `/incidents/:incident{${incidentId}}/uploads`
  for (const method of ['POST', 'OPTIONS'] as const) page(api, method, all, access, handle)
  for (const method of ['GET', 'PATCH', 'DELETE', 'OPTIONS'] as const) {
    page(api, method, `${all}/:upload{${uploadId}}`, access, handle)
  }

  page(app, 'GET', `/incidents/:incident{${incidentId}}/upload`, access, async (context) => {
    const id = context.req.param('incident') ?? ''
    const [incident] = await library.read((reader) => readIncidents(reader, id))
    if (incident === undefined) throw new ProblemError(404, `There is no incident "${id}".`)
    return context.html(uploadPage(incident))
  })
  page(app, 'GET', '/form.css', { to: 'anyone' }, (context) =>
    context.body(formStyle, 200, { 'content-type': 'text/css; charset=utf-8' }),
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

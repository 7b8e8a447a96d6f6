/** A desk in a process of its own, to be killed: `upload-server.ts <library> <port>`. */
import { randomBytes } from 'node:crypto'
import { serve } from '@hono/node-server'
import { sweepUploads } from '../../src/ingest/sweep-uploads.ts'
import { deskApp } from '../../src/server/app.ts'
import { uploadServices } from '../../src/server/upload-services.ts'
import { agent } from '../../src/store/fixture.ts'
import { openLibrary } from '../../src/store/library.ts'

const [folder = '', port = ''] = process.argv.slice(2)
const { DATABASE_URL: databaseUrl } = process.env
const library = await openLibrary(folder, {
  command: 'test',
  effects: { now: () => new Date(), randomBytes },
  ...(databaseUrl === undefined ? {} : { databaseUrl }),
})
const uploads = uploadServices(library, {
  onError: (error) => process.stderr.write(`upload server: ${String(error)}\n`),
})
await sweepUploads(library, uploads.intake, agent, { now: new Date() })
const hosts = { has: () => true } as unknown as ReadonlySet<string>
serve(
  { fetch: deskApp(library, hosts, { uploads }).fetch, hostname: '127.0.0.1', port: Number(port) },
  () => process.stdout.write('ready\n'),
)

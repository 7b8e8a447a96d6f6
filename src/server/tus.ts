/**
 * tus 1.0 (https://tus.io/protocols/resumable-upload) by @tus/server over the
 * intake: creation, creation-with-upload, termination, expiration, checksum.
 * Where uploads go (an incident, a tip) is said by whoever mounts it.
 */
import { AsyncLocalStorage } from 'node:async_hooks'
import { DataStore, ERRORS, Server, Upload as TusUpload } from '@tus/server'
import { readExamination, type UploadIntake } from '../ingest/upload-intake.ts'
import { UploadError } from '../ingest/upload-error.ts'
import type { Checksum } from '../ingest/upload-files.ts'
import { unfinishedMilliseconds } from '../ingest/sweep-uploads.ts'
import type { Library } from '../store/library.ts'
import type { Agent } from '../store/store.ts'
import type { Upload } from '../store/uploads.ts'
import { uploadLocks } from './upload-locks.ts'
import { problemResponse, uploadProblem, type UploadProblem } from './upload-problem.ts'

/** Whose uploads a request may reach, and where a new one goes. */
export interface UploadPlace {
  readonly agent: Agent
  /** Path under which uploads are addressed, without the last slash. */
  readonly path: string
  /** Whether an upload is reached from here. */
  mayReach(upload: Upload): boolean | Promise<boolean>
  /** @throws UploadError */
  destination(): Promise<{ readonly incident: string; readonly tip?: string }>
  /** Nobody but the team hears what is found out about a file. */
  readonly tellsFindings: boolean
}

interface Ask {
  readonly place: UploadPlace
  readonly method: string
  readonly checksum?: Checksum
  problem?: UploadProblem | undefined
}

/** Answers one request under `place.path`. */
export type UploadHandler = (request: Request, place: UploadPlace) => Promise<Response>

const mostNameBytes = 4096

export function tusHandler(
  library: Library,
  intake: UploadIntake,
  onError: (error: unknown) => void,
): UploadHandler {
  const asks = new AsyncLocalStorage<Ask>()
  const server = new Server({
    path: '/',
    datastore: intakeStore(intake, asks),
    locker: uploadLocks(),
    lockDrainTimeout: 500,
    maxSize: intake.limits.fileBytes,
    allowedOrigins: [],
    disableTerminationForFinishedUploads: true,
    generateUrl: (_, { id }) => `${asked(asks).place.path}/${id}`,
    getFileIdFromRequest: ({ url }) => /\/([0-9a-f]{32})$/.exec(new URL(url).pathname)?.[1],
    onUploadFinish: async (_, { id }) => {
      const { place, method } = asked(asks)
      const body = JSON.stringify(await resultOf(library, intake, place, id))
      const headers = { 'content-type': 'application/json' }
      // Where it was made it is 201 with its address.
      return method === 'POST' ? { headers, body } : { status_code: 200, headers, body }
    },
    onResponseError: (_, error) => {
      const ask = asked(asks)
      ask.problem = uploadProblem(error) ?? tusProblem(error)
      if (ask.problem === undefined) onError(error)
      return undefined
    },
  })

  return async (request, place) => {
    const { method } = request
    let checksum: Checksum | undefined
    try {
      checksum = readChecksum(request.headers.get('upload-checksum'))
      if (method === 'GET') return await tell(request, place)
    } catch (error) {
      const known = uploadProblem(error)
      if (known === undefined) throw error
      return problemResponse(known, tusHeaders)
    }
    const ask: Ask = { place, method, ...(checksum === undefined ? {} : { checksum }) }
    const answer = await asks.run(ask, () => server.handleWeb(request))
    const headers = new Headers(answer.headers)
    // Nobody asks from another origin.
    for (const name of ['expose-headers', 'allow-headers', 'allow-methods', 'max-age']) {
      headers.delete(`access-control-${name}`)
    }
    headers.set('cache-control', 'no-store')
    if (method === 'OPTIONS') headers.set('tus-checksum-algorithm', 'sha1,sha256')
    if (answer.status < 400) return new Response(answer.body, { status: answer.status, headers })
    const problem = ask.problem ?? {
      status: answer.status,
      code: codes[answer.status] ?? 'internal',
      detail: answer.status === 500 ? 'The server met an error.' : (await answer.text()).trim(),
    }
    return problemResponse(problem, { ...tusHeaders, 'cache-control': 'no-store' })
  }

  /** What became of it, for whoever missed the answer to the last part. */
  async function tell(request: Request, place: UploadPlace): Promise<Response> {
    const id = /\/([0-9a-f]{32})$/.exec(new URL(request.url).pathname)?.[1] ?? ''
    const upload = await intake.read(id)
    if (upload === undefined || !(await place.mayReach(upload))) throw unknown()
    const offset = intake.offset(upload)
    const body =
      offset < upload.sizeBytes || (upload.whole === undefined && intake.isWriting(id))
        ? { state: 'arriving', offset, sizeBytes: upload.sizeBytes }
        : await resultOf(library, intake, place, id)
    return Response.json(body, { headers: { 'cache-control': 'no-store' } })
  }
}

async function resultOf(library: Library, intake: UploadIntake, place: UploadPlace, id: string) {
  const { sha256: item, ...arrived } = await intake.finish(place.agent, id)
  const more = place.tellsFindings ? await readExamination(library, item) : {}
  return { state: 'arrived', item, ...arrived, ...more }
}

const tusHeaders = { 'tus-resumable': '1.0.0' }

const codes: Readonly<Record<number, string>> = {
  400: 'request-malformed',
  403: 'request-malformed',
  404: 'upload-unknown',
  409: 'offset-differs',
  410: 'upload-gone',
  412: 'tus-version',
  413: 'file-too-large',
  415: 'content-refused',
  423: 'upload-busy',
  501: 'extension-unsupported',
}

/** The library's own errors carry a status; only a few are told otherwise here. */
function tusProblem(error: unknown): UploadProblem | undefined {
  if (error === ERRORS.ERR_LOCK_TIMEOUT) {
    const detail = 'Another request of this upload is going on. Try again in a moment.'
    return { status: 423, code: 'upload-busy', detail }
  }
  const { status_code: status, body } = Object(error) as { status_code?: unknown; body?: unknown }
  if (typeof status !== 'number' || typeof body !== 'string') return undefined
  // What is asked of tus and not done here (501) is no error of ours.
  if (status >= 500 && status !== 501) return undefined
  return { status, code: codes[status] ?? 'request-malformed', detail: body.trim() }
}

function asked(asks: AsyncLocalStorage<Ask>): Ask {
  const ask = asks.getStore()
  if (ask === undefined) throw new TypeError('outside a request for an upload')
  return ask
}

const unknown = (): UploadError =>
  new UploadError('upload-unknown', 'There is no such upload. Begin it anew.')

function intakeStore(intake: UploadIntake, asks: AsyncLocalStorage<Ask>): DataStore {
  const reach = async (id: string): Promise<Upload> => {
    const upload = await intake.read(id)
    if (upload === undefined || !(await asked(asks).place.mayReach(upload))) throw unknown()
    return upload
  }

  class IntakeStore extends DataStore {
    override extensions = [
      'creation',
      'creation-with-upload',
      'termination',
      'expiration',
      'checksum',
    ]

    override async create(upload: TusUpload): Promise<TusUpload> {
      const { place } = asked(asks)
      const { filename, sha256 } = upload.metadata ?? {}
      const name = typeof filename === 'string' ? filename.slice(0, mostNameBytes) : ''
      const begun = await intake.begin(place.agent, {
        ...(await place.destination()),
        name,
        sizeBytes: upload.size ?? Number.NaN,
        ...(typeof sha256 === 'string' ? { sha256: sha256.toLowerCase() } : {}),
      })
      // Its name is drawn where the file is made.
      upload.id = begun.id
      upload.creation_date = begun.begunAt
      return upload
    }

    override async getUpload(id: string): Promise<TusUpload> {
      const { method, place } = asked(asks)
      const upload = await reach(id)
      const offset = intake.offset(upload)
      // Ended between its last byte and the answer: who asks gets it done.
      if (method === 'HEAD' && offset === upload.sizeBytes) await intake.finish(place.agent, id)
      return new TusUpload({
        id,
        size: upload.sizeBytes,
        offset,
        metadata: { filename: upload.name },
        creation_date: upload.begunAt,
      })
    }

    override async write(
      source: AsyncIterable<Uint8Array>,
      id: string,
      offset: number,
    ): Promise<number> {
      const { place, checksum } = asked(asks)
      return intake.write(place.agent, await reach(id), source, offset, checksum)
    }

    override async remove(id: string): Promise<void> {
      await reach(id)
      await intake.cancel(asked(asks).place.agent, id)
    }

    override getExpiration(): number {
      return unfinishedMilliseconds
    }
  }
  return new IntakeStore()
}

/** `sha1 <base64>` or `sha256 <base64>`. */
function readChecksum(header: string | null): Checksum | undefined {
  if (header === null) return undefined
  const [, algorithm = '', said = ''] = /^([a-z0-9]+) ([A-Za-z0-9+/]+={0,2})$/.exec(header) ?? []
  if (algorithm === '') {
    throw new UploadError('checksum-malformed', 'Upload-Checksum is an algorithm and base64.')
  }
  if (algorithm !== 'sha1' && algorithm !== 'sha256') {
    throw new UploadError('checksum-unsupported', 'Upload-Checksum can be sha1 or sha256.')
  }
  const digest = Buffer.from(said, 'base64')
  if (digest.length !== (algorithm === 'sha1' ? 20 : 32)) {
    throw new UploadError('checksum-malformed', `That is no ${algorithm} digest.`)
  }
  return { algorithm, digest }
}

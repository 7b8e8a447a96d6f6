/** A desk that runs, asked over HTTP in place of a library that it holds. */
import { randomBytes } from 'node:crypto'
import { apiClient, readRefusal, type ApiClient, type Send } from '../client/api-client.ts'
import type { Library } from '../store/library.ts'
import { readServing, servingProof } from '../store/serving.ts'
import { StoreError } from '../store/store-error.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { libraryFolder, withLibrary } from './library-option.ts'

/** What the desk, or a proxy in front of it, answered in place of what was asked for. */
export class DeskRefusal extends CommandError {
  readonly status: number

  constructor(code: string, message: string, status: number) {
    super(code, message, exitCodes.failed)
    this.status = status
  }
}

/** What is refused is thrown as a DeskRefusal with the code of the problem. */
export interface DeskServer extends ApiClient {
  readonly origin: string
  /** For `Authorization`. */
  readonly bearer: string
  /** Of what the interface does not describe: the answer itself, of success. */
  fetch(path: string): Promise<Response>
}

interface Ways<T> {
  readonly here: (library: Library) => Promise<T>
  readonly there: (server: DeskServer) => Promise<T>
}

/**
 * Opens the library for one command; where a desk holds it, that is asked. `SIGHTLINE_SERVER` names
 * one elsewhere, and `SIGHTLINE_TOKEN` says who asks.
 */
export async function withLibraryOrDesk<T>(
  option: string | undefined,
  command: string,
  { here, there }: Ways<T>,
  mustExist = false,
): Promise<T> {
  const named = namedServer()
  if (named !== undefined) return there(named)
  let isOpen = false
  try {
    return await withLibrary(
      option,
      command,
      (library) => {
        isOpen = true
        return here(library)
      },
      mustExist,
    )
  } catch (error) {
    if (isOpen || !(error instanceof StoreError) || error.code !== 'library-in-use') throw error
    const server = await holderOf(libraryFolder(option))
    if (server === undefined) throw error
    return there(server)
  }
}

function namedServer(): DeskServer | undefined {
  const { SIGHTLINE_SERVER: address, SIGHTLINE_TOKEN: token } = process.env
  if (address === undefined || address === '') return undefined
  const url = URL.parse(address)
  const isLocal = url?.hostname === 'localhost' || url?.hostname === '127.0.0.1'
  if (url === null || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLocal))) {
    throw new CommandError(
      'usage',
      'SIGHTLINE_SERVER is no https address of a desk; give one such as https://desk.example.org',
      exitCodes.usage,
    )
  }
  if (token === undefined || token === '') {
    throw new CommandError(
      'usage',
      'SIGHTLINE_SERVER names a desk, and SIGHTLINE_TOKEN does not say who asks; make a token on its page Account',
      exitCodes.usage,
    )
  }
  return deskServer(url.origin, token)
}

/** The desk that holds the library, if it answers and proves that it wrote `serving`. */
async function holderOf(folder: string): Promise<DeskServer | undefined> {
  const serving = await readServing(folder)
  if (serving === undefined) return undefined
  const { origin, secret } = serving
  const nonce = randomBytes(32).toString('hex')
  const proof = await fetch(new URL(`/serving/${nonce}`, origin), { redirect: 'error' })
    .then((answer) => answer.text())
    .catch(() => '')
  return proof === servingProof(secret, nonce) ? deskServer(origin, secret) : undefined
}

/** Who is asked is fixed: the token goes to no other origin, by a redirect or otherwise. */
function deskServer(origin: string, bearer: string): DeskServer {
  const send: Send = async (path, init) => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${bearer}`)
    const answer = await fetch(ownAddress(origin, path), {
      ...init,
      headers,
      redirect: 'error',
    }).catch((cause: unknown) => {
      throw unreachable(`the desk at ${origin} does not answer; is it running?`, cause)
    })
    if (answer.ok) return readableOf(origin, answer)
    const { code = 'desk-refused', message } = readRefusal(await answer.text().catch(() => ''))
    throw new DeskRefusal(code, message ?? `the desk answered ${answer.status}`, answer.status)
  }
  return { origin, bearer, fetch: (path) => send(path, {}), ...apiClient(send) }
}

const unreachable = (message: string, cause: unknown): CommandError =>
  new CommandError('desk-unreachable', message, exitCodes.failed, { cause })

/** The answer; whoever reads a body that is cut off is told so by a CommandError. */
function readableOf(origin: string, answer: Response): Response {
  const { body, status, headers } = answer
  if (body === null) return answer
  const reader = body.getReader()
  const said = new ReadableStream<Uint8Array>({
    pull: async (to) => {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw unreachable(`the desk at ${origin} broke off its answer; run this again`, cause)
      })
      if (done) to.close()
      else to.enqueue(value)
    },
    cancel: (reason) => reader.cancel(reason),
  })
  return new Response(said, { status, headers })
}

/** @throws CommandError where a desk, or what stands in front of it, points elsewhere */
export function ownAddress(origin: string, address: string): URL {
  const url = new URL(address, origin)
  if (url.origin === origin) return url
  throw new CommandError(
    'desk-elsewhere',
    `the desk at ${origin} points to ${url.origin}, which gets neither files nor the token; check the proxy in front of it`,
    exitCodes.failed,
  )
}

/** For `catch`: what is not there is said as where the library is open. */
export const ifNotFound =
  (said: () => CommandError) =>
  (error: unknown): never => {
    throw error instanceof CommandError && error.code === 'not-found' ? said() : error
  }

/** A desk that runs, asked over HTTP in place of a library that it holds. */
import { randomBytes } from 'node:crypto'
import type { Library } from '../store/library.ts'
import { readServing, servingProof } from '../store/serving.ts'
import { StoreError } from '../store/store-error.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { libraryFolder, withLibrary } from './library-option.ts'

export interface DeskServer {
  readonly origin: string
  /** For `Authorization`. */
  readonly bearer: string
  /** The answer's JSON. @throws CommandError with the code of the problem */
  ask<T>(method: string, path: string, body?: unknown): Promise<T>
  /** The answer itself, of success. @throws CommandError */
  fetch(path: string, init?: RequestInit): Promise<Response>
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

function deskServer(origin: string, bearer: string): DeskServer {
  const ask = async (path: string, init: RequestInit = {}): Promise<Response> => {
    const headers = new Headers(init.headers)
    headers.set('authorization', `Bearer ${bearer}`)
    const answer = await fetch(new URL(path, origin), {
      ...init,
      headers,
      redirect: 'error',
    }).catch((cause: unknown) => {
      throw new CommandError(
        'desk-unreachable',
        `the desk at ${origin} does not answer; is it running?`,
        exitCodes.failed,
        { cause },
      )
    })
    if (answer.ok) return answer
    const { detail, code } = (await answer.json().catch(() => ({}))) as Record<string, unknown>
    throw new CommandError(
      typeof code === 'string' ? code : 'desk-refused',
      typeof detail === 'string' ? detail : `the desk answered ${answer.status}`,
      exitCodes.failed,
    )
  }
  return {
    origin,
    bearer,
    fetch: ask,
    ask: async <T>(method: string, path: string, body?: unknown) => {
      const answer = await ask(path, {
        method,
        ...(body === undefined
          ? {}
          : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
      })
      const text = await answer.text()
      return (text === '' ? undefined : JSON.parse(text)) as T
    },
  }
}

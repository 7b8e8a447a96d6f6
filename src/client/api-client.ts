/**
 * Asks a desk by its HTTP interface, for the command line and the scripts of its pages: what is sent
 * and what comes back has the types of the OpenAPI document (`api-types.ts`).
 */
import type { Api, Schemas } from './api-types.ts'

/** `METHOD /path`, below `/api`. */
export type ApiRoute = keyof Api
export type Wish<Route extends ApiRoute> = Api[Route]['wish']
/** Of success, whichever its status. */
export type Answer<Route extends ApiRoute> = Answered<Route>['body']

/** The status with what comes with it. */
export type Answered<Route extends ApiRoute> = AnsweredBy<Api[Route]['answers']>

type AnsweredBy<Answers> = {
  readonly [Status in keyof Answers]: { readonly status: Status; readonly body: Answers[Status] }
}[keyof Answers]

/** Left out where nothing has to be said. */
type Said<Route extends ApiRoute> =
  object extends Wish<Route> ? [wish?: Wish<Route>] : [wish: Wish<Route>]

export interface ApiClient {
  readonly ask: <Route extends ApiRoute>(
    route: Route,
    ...wish: Said<Route>
  ) => Promise<Answer<Route>>
  /** Where the status tells something too. */
  readonly askWithStatus: <Route extends ApiRoute>(
    route: Route,
    ...wish: Said<Route>
  ) => Promise<Answered<Route>>
}

/** Gives answers of success only. @throws what its side shows to people, for all others */
export type Send = (path: string, init: RequestInit) => Promise<Response>

export function apiClient(send: Send): ApiClient {
  const askWithStatus: ApiClient['askWithStatus'] = async (route, ...[wish]) => {
    const { path = {}, query = {}, headers = {}, body }: AnyWish = wish ?? {}
    const [method = '', pattern = ''] = route.split(' ')
    const answer = await send(addressOf(pattern, path, query), {
      method,
      headers: {
        ...textsOf(headers),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: answer.status, body: await bodyOf(answer) } as never
  }
  return {
    askWithStatus,
    ask: async (route, ...wish) => (await askWithStatus(route, ...wish)).body,
  }
}

interface AnyWish {
  readonly path?: Texts
  readonly query?: Texts
  readonly headers?: Texts
  readonly body?: unknown
}
type Texts = Readonly<Record<string, string | number | undefined>>

function addressOf(pattern: string, path: Texts, query: Texts): string {
  const filled = pattern.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
    encodeURIComponent(String(path[name])),
  )
  const search = new URLSearchParams(textsOf(query)).toString()
  return `/api${filled}${search === '' ? '' : `?${search}`}`
}

/** Without those that are undefined. */
const textsOf = (values: Texts): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, String(value)]],
    ),
  )

/** JSON read; what goes on for long as it comes. */
async function bodyOf(answer: Response): Promise<unknown> {
  if (answer.status === 204) return undefined
  const mediaType = /^[^;]*/.exec(answer.headers.get('content-type') ?? '')?.[0]
  if (mediaType === 'application/json') return answer.json()
  return mediaType === 'text/plain' ? answer.text() : answer.body
}

/** What a problem (RFC 9457) says, or better-auth in its place. Undefined: nothing that can be read. */
export function readRefusal(text: string): {
  readonly code: string | undefined
  readonly message: string | undefined
} {
  const said = Object(tryJson(text)) as Partial<Schemas['Problem']> & { message?: unknown }
  const message = said.detail ?? said.message
  return {
    code: typeof said.code === 'string' ? said.code : undefined,
    message: typeof message === 'string' ? message : undefined,
  }
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

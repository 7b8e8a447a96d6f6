/** Asks the desk as a browser would: with its cookies, from its own pages. */
import type { JobQueue } from '../../src/queue/job-queue.ts'
import type { Library } from '../../src/store/library.ts'
import { deskApp } from '../../src/server/app.ts'

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The answer's JSON, taken for what the test says it is. */
  // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
  readonly json: <T>() => T
}

export interface DeskClient {
  readonly cookies: Map<string, string>
  /** `body`: sent as JSON, or as a form sends it. */
  ask(
    method: string,
    path: string,
    body?: unknown,
    headers?: Record<string, string>,
  ): Promise<Answer>
}

const host = 'localhost:4600'

/** `app`: several clients of one server. */
export function deskFor(library: Library, queue?: JobQueue): ReturnType<typeof deskApp> {
  return deskApp(library, new Set([host]), queue === undefined ? {} : { queue })
}

export function deskClient(app: ReturnType<typeof deskApp>): DeskClient {
  const cookies = new Map<string, string>()
  return {
    cookies,
    ask: async (method, path, body, headers = {}) => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ')
      const answer = await app.request(`http://${host}${path}`, {
        method,
        headers: {
          host,
          'sec-fetch-site': 'same-origin',
          origin: `http://${host}`,
          ...(cookie === '' ? {} : { cookie }),
          ...(body === undefined || body instanceof URLSearchParams
            ? {}
            : { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body === undefined
          ? {}
          : { body: body instanceof URLSearchParams ? body : JSON.stringify(body) }),
      })
      for (const line of answer.headers.getSetCookie()) {
        const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
        if (value === '' || /max-age=0/i.test(line)) cookies.delete(name)
        else cookies.set(name, value)
      }
      const text = await answer.text()
      return {
        status: answer.status,
        headers: answer.headers,
        text,
        // oxlint-disable-next-line typescript/no-unnecessary-type-parameters
        json: <T>() => JSON.parse(text) as T,
      }
    },
  }
}

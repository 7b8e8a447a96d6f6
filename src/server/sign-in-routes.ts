/** The paths of better-auth that are served: each behind the gate, and guesses counted. */
import type { OpenAPIHono } from '@hono/zod-openapi'
import { signInBasePath, signInPaths, userNotVerified, type SignIn } from '../access/sign-in.ts'
import type { Effects } from '../store/store.ts'
import { headersWithPeer, type Authentication } from './authenticate.ts'
import { json } from './api-schemas.ts'
import { described, page, type Access, type GateContext, type GateEnv } from './gate.ts'
import { guessLimit, type Guesser, type GuessLimit } from './guess-limit.ts'
import { mostBytes } from './people-acts.ts'
import { problemAnswer, ProblemError } from './problem.ts'
import type { RateLimit } from './rate-limit.ts'
import { signInExchanges } from './sign-in-schemas.ts'
import { atMost } from './versions.ts'

type SignInPath = (typeof signInPaths)[number][1]

const accessOf: Record<(typeof signInPaths)[number][2], Access> = {
  anyone: { to: 'anyone' },
  'signed-in': { to: 'signed-in' },
  fresh: { to: 'signed-in', isFresh: true },
}

/** Where a password or a code is asked for; passkeys cannot be guessed. */
const guessable: ReadonlySet<SignInPath> = new Set([
  '/sign-in/email',
  '/two-factor/verify-totp',
  '/two-factor/verify-backup-code',
  '/change-password',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/generate-backup-codes',
])

export function addSignIn(
  app: OpenAPIHono<GateEnv>,
  { signIn }: Authentication,
  rate: RateLimit,
  effects: Effects,
): void {
  const guesses = guessLimit(effects)
  for (const [method, path, who] of signInPaths) {
    const access = accessOf[who]
    const { body: sent, answer } = signInExchanges[path]
    const fullPath = `${signInBasePath.slice('/api'.length)}${path}`
    app.use(fullPath, atMost(mostBytes))
    page(app, method, fullPath, access, async (context) => {
      if (who === 'anyone' && !rate.allows('ask', { address: addressOf(context) })) {
        throw tooOften(context, 600, 'Too many requests from one place.')
      }
      return answerSignIn(await signIn(context), path, guesses, context)
    })
    app.openAPIRegistry.registerPath({
      method: method === 'GET' ? 'get' : 'post',
      path: fullPath,
      summary: `Signing in (better-auth): ${path.slice(1)}`,
      'x-access': described(access),
      ...(sent === undefined
        ? {}
        : {
            request: {
              body: { required: true, content: { 'application/json': { schema: sent } } },
            },
          }),
      responses: {
        200: json(answer, 'As better-auth answers, and more.'),
        400: problemAnswer('Something is not as it should be.'),
        401: problemAnswer('Not the right password, code or passkey, or nobody is signed in.'),
        403: problemAnswer('Not for them, or not from there.'),
        429: problemAnswer('Too many attempts; Retry-After says how long to wait.'),
      },
    })
  }
}

/** A session that a new one takes the place of ends: signing in anew leaves none behind. */
async function answerSignIn(
  signIn: SignIn,
  path: SignInPath,
  guesses: GuessLimit,
  context: GateContext,
): Promise<Response> {
  const before = await signIn.whoIs(context.req.raw.headers)
  const body = await jsonBody(context)
  const guesser = guesserOf(context, path, body, before)
  const guess = guesser && guesses.guess(guesser)
  if (guess?.kind === 'wait') throw tooOften(context, guess.seconds, wrongTooOften)
  const answer = await signIn.handle(asJson(context, body)).catch((error: unknown) => {
    guess?.takeBack()
    throw error
  })
  const refused = answer.ok ? undefined : await refusalIn(answer)
  if (answer.ok || answer.status >= 500 || notLookedAt.has(refused?.code)) guess?.takeBack()
  // better-auth gives it no body: thrown, it is logged and answered like any other error.
  if (answer.status >= 500) throw new Error(`signing in was answered by ${answer.status}`)
  if (refused !== undefined) throw problemOf(answer.status, refused)
  if (before !== undefined && answer.ok) {
    const cookies = answer.headers.getSetCookie().filter((text) => text.includes('session_token='))
    // Another one, or none before the second factor is shown: the browser has lost it either way.
    const keeps = cookies.every((text) => decodeURIComponent(text).includes(before.sessionToken))
    if (!keeps) await signIn.endSession(before.sessionToken)
  }
  return answer
}

/** In the words of better-auth, with its code as ours are written. */
function problemOf(status: number, { code, message }: Refusal): ProblemError {
  const known = ([401, 403, 404, 409, 429] as const).find((one) => one === status) ?? 400
  const detail = typeof message === 'string' && message !== '' ? message : 'That was not accepted.'
  const theirs = typeof code === 'string' && /^[A-Z][A-Z0-9_]*$/.test(code) ? code : undefined
  const ours = theirs?.toLowerCase().replaceAll('_', '-')
  return new ProblemError(
    known,
    detail,
    code === userNotVerified ? userNotVerified : (ours ?? 'sign-in-refused'),
  )
}

/** A new password that will not do is refused before the old one is looked at. */
const notLookedAt: ReadonlySet<unknown> = new Set(['PASSWORD_TOO_SHORT', 'PASSWORD_TOO_LONG'])

interface Refusal {
  readonly code?: unknown
  readonly message?: unknown
}

async function refusalIn(answer: Response): Promise<Refusal> {
  const said: unknown = await answer
    .clone()
    .json()
    .catch(() => undefined)
  return Object(said) as object
}

function guesserOf(
  context: GateContext,
  path: SignInPath,
  body: unknown,
  session: { readonly person: string; readonly email: string } | undefined,
): Guesser | undefined {
  if (!guessable.has(path)) return undefined
  const address = addressOf(context)
  const typed = path === '/sign-in/email' ? emailIn(body) : undefined
  const isOwn = path !== '/sign-in/email' || typed === session?.email
  if (session !== undefined && isOwn) return { address, person: session.person }
  return typed === undefined ? { address } : { address, account: typed }
}

/** As better-auth looks it up. */
function emailIn(body: unknown): string | undefined {
  const { email } = (body ?? {}) as { email?: unknown }
  return typeof email === 'string' ? email.toLowerCase() : undefined
}

const addressOf = (context: GateContext): string => context.get('peerAddress') ?? 'unknown'

async function jsonBody({ req }: GateContext): Promise<unknown> {
  const text = await req.text()
  if (text === '') return undefined
  try {
    return JSON.parse(text)
  } catch {
    throw new ProblemError(400, 'What was sent is no JSON; send JSON.')
  }
}

/** The very body that was looked at here, whatever its sender said that it is. */
function asJson(context: GateContext, body: unknown): Request {
  const { url, method } = context.req.raw
  const headers = headersWithPeer(context)
  headers.delete('content-length')
  if (body === undefined) return new Request(url, { method, headers })
  headers.set('content-type', 'application/json')
  return new Request(url, { method, headers, body: JSON.stringify(body) })
}

const wrongTooOften = 'Too many wrong attempts. A passkey can be used meanwhile.'

function tooOften(context: GateContext, seconds: number, why: string): ProblemError {
  context.header('retry-after', String(seconds))
  const wait = seconds < 120 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
  return new ProblemError(429, `${why} Try again in ${wait}.`)
}

/** Who asks: a token in `Authorization`, a person's session, or this machine's user. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Asker } from '../access/asker.ts'
import { localAsker, nobody, rightsOf } from '../access/asker.ts'
import { openSignIn, peerHeader, type SignIn, type SignedIn } from '../access/sign-in.ts'
import { toolName } from '../jobs/version.ts'
import type { Library } from '../store/library.ts'
import { findToken, noteUse, wasUsedThisHour } from '../store/machine-tokens.ts'
import { hasOwner, readStanding } from '../store/people.ts'
import { signInSecret } from '../store/sign-in-secret.ts'
import type { GateContext } from './gate.ts'

export interface Authentication {
  readonly authenticate: (context: GateContext) => Promise<Asker>
  /** For the origin at which the desk was asked. */
  readonly signIn: (context: GateContext) => Promise<SignIn>
}

/** Where the desk was asked for, and whether by a name that only this machine's user can use. */
export interface AskedAt {
  readonly origin: string
  readonly isLocal: boolean
}

/**
 * `askedAt`: of a request whose host was checked already. `operatorSecret`: what the command line on
 * this machine says, which may do what it could do to the library itself.
 */
export function openAuthentication(
  library: Library,
  askedAt: (context: GateContext) => AskedAt,
  operatorSecret?: string,
): Authentication {
  const { effects } = library
  const byOrigin = new Map<string, Promise<SignIn>>()
  const signIn = (context: GateContext): Promise<SignIn> => {
    const { origin } = askedAt(context)
    const known =
      byOrigin.get(origin) ??
      signInSecret(library.folder, effects).then((secret) =>
        openSignIn(library.database.kysely, secret, origin, effects),
      )
    byOrigin.set(origin, known)
    return known
  }

  const standingOf = library.remembered(readStanding)
  const isOwnedNow = library.remembered(hasOwner)

  const personOf = async (session: SignedIn): Promise<Asker> => {
    const standing = await standingOf(session.person)
    const agent = { actor: session.person, tool: toolName }
    return { kind: 'person', agent, session, isFresh: session.isFresh, ...rightsOf(standing) }
  }

  const bearerOf = async (text: string): Promise<Asker> => {
    const now = effects.now()
    const found = await library.read(async (reader) => {
      const token = await findToken(reader, text, now)
      return token && { token, standing: await readStanding(reader, token.person) }
    })
    if (found === undefined) return nobody
    const { token, standing } = found
    const agent = { actor: token.person, tool: toolName }
    if (!wasUsedThisHour(token, now)) {
      await library.transactWithoutEntry(agent, (tx) => noteUse(tx, token.id))
    }
    // Whoever made it had just signed in and chose each action.
    return { kind: 'token', agent, isFresh: true, ...rightsOf(standing, token) }
  }

  /** Once there is an owner there always is one. */
  let isOwned = false
  return {
    signIn,
    authenticate: async (context) => {
      const bearer = /^Bearer (\S{1,200})$/i.exec(context.req.header('authorization') ?? '')?.[1]
      if (bearer !== undefined) {
        return isSame(bearer, operatorSecret) ? { ...localAsker, kind: 'token' } : bearerOf(bearer)
      }
      isOwned ||= await isOwnedNow('')
      if (!isOwned) return askedAt(context).isLocal ? localAsker : nobody
      if (context.req.header('cookie') === undefined) return nobody
      const session = await (await signIn(context)).whoIs(context.req.raw.headers)
      return session === undefined ? nobody : personOf(session)
    },
  }
}

/** In a time that does not tell how much of it is right. */
function isSame(text: string, secret: string | undefined): boolean {
  return secret !== undefined && timingSafeEqual(digest(text), digest(secret))
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

/** With the address of who asks where better-auth looks for it, and nowhere else. */
export function headersWithPeer(context: GateContext): Headers {
  const headers = new Headers(context.req.raw.headers)
  headers.delete(peerHeader)
  const peer = context.get('peerAddress')
  if (peer !== undefined) headers.set(peerHeader, peer)
  return headers
}

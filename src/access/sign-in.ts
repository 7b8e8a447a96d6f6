/**
 * Who signs in, with better-auth: password and TOTP, or passkeys; sessions in the
 * library's own database. Only the paths in `signInPaths` are served.
 */
import { passkey } from '@better-auth/passkey'
import { APIError, betterAuth } from 'better-auth'
import { twoFactor } from 'better-auth/plugins'
import { sql, type Kysely, type KyselyPlugin, type QueryResult, type UnknownRow } from 'kysely'

import { toHex } from '../custody/bytes.ts'
import type { Schema } from '../store/schema.ts'
import { databaseError } from '../store/store-error.ts'
import type { Effects } from '../store/store.ts'

export const signInBasePath = '/api/auth'

/** How long after signing in a person may publish, take originals out or change roles. */
const freshSeconds = 10 * 60
const sessionSeconds = 7 * 24 * 3600
export const shortestPassword = 12
export const longestPassword = 128

/** The `code` of an answer to a passkey whose device did not check who holds it. */
export const userNotVerified = 'user-not-verified'

/** Where the gate puts the address of who asks; what comes from outside under this name is dropped. */
export const peerHeader = 'x-sightline-peer'

/** What is served of it, and to whom. */
export const signInPaths = [
  ['POST', '/sign-in/email', 'anyone'],
  ['POST', '/two-factor/verify-totp', 'anyone'],
  ['POST', '/two-factor/verify-backup-code', 'anyone'],
  ['GET', '/passkey/generate-authenticate-options', 'anyone'],
  ['POST', '/passkey/verify-authentication', 'anyone'],
  ['POST', '/sign-out', 'signed-in'],
  ['GET', '/list-sessions', 'signed-in'],
  ['POST', '/revoke-session', 'signed-in'],
  ['POST', '/revoke-other-sessions', 'signed-in'],
  ['POST', '/change-password', 'fresh'],
  ['POST', '/two-factor/enable', 'fresh'],
  ['POST', '/two-factor/disable', 'fresh'],
  ['POST', '/two-factor/generate-backup-codes', 'fresh'],
  ['GET', '/passkey/generate-register-options', 'fresh'],
  ['POST', '/passkey/verify-registration', 'fresh'],
  ['GET', '/passkey/list-user-passkeys', 'signed-in'],
  ['POST', '/passkey/delete-passkey', 'fresh'],
] as const

export interface SignedIn {
  readonly person: string
  readonly name: string
  readonly email: string
  readonly hasTwoFactor: boolean
  readonly sessionToken: string
  readonly isFresh: boolean
}

/** @throws StoreError `database-unavailable` */
export interface SignIn {
  /** Answers one of `signInPaths`. */
  handle(request: Request): Promise<Response>
  whoIs(headers: Headers): Promise<SignedIn | undefined>
  /** Makes a person, signed in: the answer carries the cookie. */
  register(
    who: { readonly name: string; readonly email: string; readonly password: string },
    headers: Headers,
  ): Promise<Response>
  endSession(token: string): Promise<void>
  /** As signing in checks it. */
  hashOf(password: string): Promise<string>
}

/**
 * `origin`, such as `https://desk.example.org`: where the desk is asked for; passkeys and cookies
 * hold for that only.
 */
export function openSignIn(
  kysely: Kysely<Schema>,
  secret: string,
  origin: string,
  effects: Effects,
): SignIn {
  const auth = betterAuth({
    appName: 'Sightline',
    baseURL: origin,
    basePath: signInBasePath,
    secret,
    trustedOrigins: [origin],
    database: { db: kysely.withPlugin(datesAsDates), type: 'postgres' },
    telemetry: { enabled: false },
    // Its messages name addresses of people.
    logger: { disabled: true },
    advanced: {
      cookiePrefix: 'sightline',
      ipAddress: { ipAddressHeaders: [peerHeader] },
      database: {
        joins: true,
        generateId: ({ model }) =>
          model === 'user' ? `p-${toHex(effects.randomBytes(8))}` : toHex(effects.randomBytes(16)),
      },
    },
    user: { modelName: 'sign_in_user' },
    session: {
      modelName: 'sign_in_session',
      expiresIn: sessionSeconds,
      // Which path wants a sign-in of late the gate says, and nothing else: better-auth would have it for
      // the list of one's sessions too.
      freshAge: 0,
    },
    account: { modelName: 'sign_in_account' },
    verification: { modelName: 'sign_in_verification' },
    // By our own, which shut out no neighbour (server/guess-limit.ts).
    rateLimit: { enabled: false },
    emailAndPassword: {
      enabled: true,
      minPasswordLength: shortestPassword,
      maxPasswordLength: longestPassword,
    },
    plugins: [
      twoFactor({
        issuer: 'Sightline',
        schema: { twoFactor: { modelName: 'sign_in_two_factor' } },
      }),
      passkey({
        rpID: new URL(origin).hostname,
        rpName: 'Sightline',
        authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
        origin,
        // The plugin asks for it and takes what comes without. Called once the answer is verified, and
        // before anything follows from it.
        registration: {
          afterVerification: ({ verification }) =>
            requireUserVerified(verification.registrationInfo?.userVerified),
        },
        authentication: {
          afterVerification: ({ verification }) =>
            requireUserVerified(verification.authenticationInfo.userVerified),
        },
        schema: { passkey: { modelName: 'sign_in_passkey' } },
      }),
    ],
  })
  /** Of an error of the database better-auth says only that there was one. */
  const assertAnswers = async (): Promise<void> => {
    await sql`select 1`.execute(kysely).catch((error: unknown) => {
      throw databaseError(error)
    })
  }
  const answered = async <T>(asked: Promise<T>): Promise<T> => {
    const answer = await asked.catch(async (error: unknown) => {
      await assertAnswers()
      throw error
    })
    if (answer instanceof Response && answer.status >= 500) await assertAnswers()
    return answer
  }
  return {
    handle: (request) => answered(auth.handler(request)),
    whoIs: async (headers) => {
      const found = await answered(auth.api.getSession({ headers }))
      if (found === null) return undefined
      const { user, session } = found
      return {
        person: user.id,
        name: user.name,
        email: user.email,
        hasTwoFactor: user.twoFactorEnabled === true,
        sessionToken: session.token,
        isFresh: effects.now().getTime() - session.createdAt.getTime() < freshSeconds * 1000,
      }
    },
    register: (who, headers) =>
      answered(auth.api.signUpEmail({ body: who, headers, asResponse: true })),
    endSession: async (token) => {
      await answered((await auth.$context).internalAdapter.deleteSession(token))
    },
    hashOf: async (password) => (await auth.$context).password.hash(password),
  }
}

/** As a stolen key that asks for nothing is no second factor. */
function requireUserVerified(isVerified: boolean | undefined): void {
  if (isVerified === true) return
  throw new APIError('FORBIDDEN', {
    code: userNotVerified,
    message:
      'This passkey did not ask for a PIN, a finger or a face. Set one up on the device or key, and try again.',
  })
}

/** Of our database a moment comes as text; better-auth compares dates. */
const datesAsDates: KyselyPlugin = {
  transformQuery: ({ node }) => node,
  transformResult: ({ result }): Promise<QueryResult<UnknownRow>> => {
    const rows = result.rows.map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          /(?:At|Until)$/.test(name) && typeof value === 'string' ? new Date(value) : value,
        ]),
      ),
    )
    return Promise.resolve({ ...result, rows })
  },
}

/** What is sent to better-auth and comes from it, as far as our pages rely on it: described here, checked there. */
import { z } from '@hono/zod-openapi'
import type { signInPaths } from '../access/sign-in.ts'

type SignInPath = (typeof signInPaths)[number][1]

interface Exchange {
  readonly body?: z.ZodType
  readonly answer: z.ZodType
}

const password = z.object({ password: z.string() })
const code = z.object({ code: z.string() })
const nothing = z.object({})
/** What came of it shows in the cookies. */
const somebody = z.object({ user: z.object({ id: z.string() }) })
const challenge = z.string().describe('WebAuthn, JSON form: base64url')
const credential = z.looseObject({
  id: z.string(),
  rawId: z.string(),
  type: z.literal('public-key'),
})

export const signInExchanges: Readonly<Record<SignInPath, Exchange>> = {
  '/sign-in/email': {
    body: z.object({ email: z.string(), password: z.string() }),
    answer: z.object({
      twoFactorRedirect: z.boolean().optional().describe('a code is asked for next'),
    }),
  },
  '/two-factor/verify-totp': { body: code, answer: somebody },
  '/two-factor/verify-backup-code': { body: code, answer: somebody },
  '/passkey/generate-authenticate-options': { answer: z.object({ challenge }) },
  '/passkey/verify-authentication': {
    body: z.object({ response: credential }),
    answer: z.object({ session: z.object({ id: z.string() }) }),
  },
  '/sign-out': { body: nothing, answer: nothing },
  '/list-sessions': {
    answer: z.array(
      z.object({
        token: z.string().describe('by which it is ended'),
        createdAt: z.iso.datetime(),
        userAgent: z.string().nullish(),
        ipAddress: z.string().nullish(),
      }),
    ),
  },
  '/revoke-session': { body: z.object({ token: z.string() }), answer: nothing },
  '/revoke-other-sessions': { body: nothing, answer: nothing },
  '/change-password': {
    body: z.object({
      currentPassword: z.string(),
      newPassword: z.string(),
      revokeOtherSessions: z.boolean().optional(),
    }),
    answer: somebody,
  },
  '/two-factor/enable': {
    body: password,
    answer: z.object({
      totpURI: z.string(),
      backupCodes: z.array(z.string()).describe('each good once'),
    }),
  },
  '/two-factor/disable': { body: password, answer: nothing },
  '/two-factor/generate-backup-codes': {
    body: password,
    answer: z.object({ backupCodes: z.array(z.string()) }),
  },
  '/passkey/generate-register-options': {
    answer: z.object({
      challenge,
      rp: z.object({ name: z.string() }),
      user: z.object({ id: z.string(), name: z.string(), displayName: z.string() }),
      pubKeyCredParams: z.array(z.object({ alg: z.int(), type: z.literal('public-key') })),
    }),
  },
  '/passkey/verify-registration': {
    body: z.object({ response: credential, name: z.string().optional() }),
    answer: z.object({ id: z.string() }),
  },
  '/passkey/list-user-passkeys': {
    answer: z.array(
      z.object({ id: z.string(), name: z.string().nullish(), createdAt: z.iso.datetime() }),
    ),
  },
  '/passkey/delete-passkey': { body: z.object({ id: z.string() }), answer: nothing },
}

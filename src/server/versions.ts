/**
 * Edits say from which version they were made (RFC 9110 section 13.1): `If-Match: "3"`, or
 * `If-None-Match: *` for what is not there yet. One without either is refused (RFC 6585): nothing
 * is overwritten by who comes last.
 */
import type { Context } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { EditErrorCode } from '../jobs/edit-error.ts'
import { EditError } from '../jobs/edit-error.ts'
import { orderState } from '../jobs/order-records.ts'
import type { CaseRecord } from '../store/case-records.ts'
import { problemAnswer, ProblemError, type ProblemStatus } from './problem.ts'

export const entityTag = (version: number): string => `"${version}"`

/** @throws ProblemError 400, 428 */
export function versionAsked({ req }: Context): number | 'none' {
  const match = req.header('if-match')
  if (match === undefined) {
    if (req.header('if-none-match')?.trim() === '*') return 'none'
    throw new ProblemError(
      428,
      'Say which version this was made from: If-Match with the ETag that came with it, or ' +
        'If-None-Match: * for what is not there yet.',
    )
  }
  const version = /^"(\d{1,15})"$/.exec(match.trim())?.[1]
  if (version !== undefined) return Number(version)
  throw new ProblemError(400, 'If-Match is one strong ETag as it came with a record, such as "3".')
}

const statuses: Readonly<Record<EditErrorCode, ProblemStatus>> = {
  'version-conflict': 409,
  'record-exists': 409,
  'record-in-use': 409,
  'incident-exists': 409,
  'record-missing': 404,
  'incident-missing': 404,
  'record-invalid': 422,
}

/** What is not edited is told with both versions: `current`, and as `yours` what was sent. */
export async function editing<T>(yours: unknown, edit: Promise<T>): Promise<T> {
  try {
    return await edit
  } catch (error) {
    if (!(error instanceof EditError)) throw error
    const { code, message, issues, current, order } = error
    throw new ProblemError(statuses[code], message, code, {
      ...(issues.length === 0 ? {} : { issues }),
      ...(current === undefined ? {} : { current: recordAnswer(current), yours }),
      ...(order === undefined
        ? {}
        : { current: { ids: order, etag: `"${orderState(order)}"` }, yours }),
    })
  }
}

/** Without `value` where it was removed. */
export function recordAnswer({ id, version, body, changedAt, changedBy, entryIndex }: CaseRecord) {
  const value = body === undefined ? {} : { value: JSON.parse(body) as unknown }
  return { id, version, ...value, changedAt, changedBy, entryIndex }
}

export const refusals = {
  400: problemAnswer('The request is not as it should be.'),
  404: problemAnswer('There is no such thing in this library.'),
  409: problemAnswer(
    'It was changed since: `current` is what it says now and who changed it when, `yours` what you sent. ' +
      'Or it is still referred to: `issues` names by what.',
  ),
  413: problemAnswer('More was sent than is taken.'),
  415: problemAnswer('What was sent is not said to be JSON.'),
  422: problemAnswer('It cannot stand like this: `issues` says what is wrong where.'),
  428: problemAnswer('It was not said which version was edited.'),
}

export const atMost = (maxSize: number) =>
  bodyLimit({
    maxSize,
    onError: () => {
      throw new ProblemError(413, `At most ${maxSize} bytes are taken here.`)
    },
  })

/** What a record said, version by version, as routes ask for it and answer it. */
import { z } from '@hono/zod-openapi'
import { readRecordVersions } from '../store/case-records.ts'
import type { Library } from '../store/library.ts'
import { count, moment, whole } from './api-schemas.ts'
import type { GateContext } from './gate.ts'
import { ProblemError } from './problem.ts'
import { recordAnswer } from './versions.ts'

const mostVersions = 100

export const recordId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/)
const changed = { changedAt: moment, changedBy: z.string(), entryIndex: count }
export const version = z.int().min(1)
export const ifMatch = {
  headers: z.object({
    'if-match': z.string().optional().describe('the ETag of the version that was edited'),
  }),
}
export const versionOf = <T extends z.ZodType>(value: T) =>
  z.object({ id: recordId, version, value, ...changed })
export const versions = <T extends z.ZodType>(value: T) =>
  z.object({
    versions: z.array(
      versionOf(value).partial({ value: true }).describe('without value where it was removed'),
    ),
    next: version.optional().describe('`before` of the next page; absent on the last'),
  })
export const versionsQuery = z.object({
  before: whole(1).optional(),
  limit: whole(1, mostVersions).default(20),
})

export async function history(
  context: GateContext,
  library: Library,
  key: { readonly incident: string; readonly kind: string; readonly id: string },
  { before, limit }: { readonly before?: number | undefined; readonly limit: number },
) {
  const found = await library.read((reader) =>
    readRecordVersions(reader, key, {
      before: before ?? Number.MAX_SAFE_INTEGER,
      limit: limit + 1,
    }),
  )
  if (found.length === 0 && before === undefined) {
    throw new ProblemError(404, `There never was a "${key.id}" in ${key.kind}.`)
  }
  const shown = found.slice(0, limit)
  const versions = shown.map(recordAnswer)
  const next = found.length > limit ? { next: shown.at(-1)?.version } : {}
  return context.json({ versions, ...next } as never, 200)
}

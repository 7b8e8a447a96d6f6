import { z } from 'zod'
import { readCalendarDate } from '../time/calendar.ts'

const slug = z
  .string()
  .max(64)
  .regex(/^[a-z0-9][a-z0-9-]*$/, 'an id is lower-case letters, digits and hyphens, e.g. "bakery"')
/** `order` is where a list's order is, beside its records: /incidents/{incident}/claims/order. */
const id = slug.refine((value) => value !== 'order', 'the id "order" is taken; choose another')
/** No control characters but line breaks and tabs, no broken surrogate pairs: what a database and a page can hold. */
const printable = /^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u
/** What a person writes: trimmed, not empty, nothing in it that cannot be shown. */
export const printableText = (mostLength: number) =>
  z
    .string()
    .trim()
    .min(1, 'must not be empty')
    .max(mostLength)
    .refine((value) => printable.test(value), 'holds a control character; remove it')
const text = printableText(5000)
const line = printableText(300)
/** What stands before or after a quote, with its blanks. */
const beside = z
  .string()
  .max(5000)
  .refine((value) => printable.test(value), 'holds a control character; remove it')
const seconds = z.number().finite()
const positiveSeconds = z.number().finite().positive()
const date = z.string().refine((value) => readCalendarDate(value) !== undefined, {
  error: 'is not an EDTF date; write e.g. "2026-05-17", "2026-05~" or "2026-05-17T17:02:10Z"',
  params: { code: 'date-not-edtf' },
})
const caseFile = z.string().refine(isInsideCaseFolder, {
  error: 'must be a path inside the case folder, without "..", a leading "/" or a backslash',
  params: { code: 'file-path' },
})

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat
  } catch {
    return false
  }
}

/** A path from a case folder is hostile text: it may only lead inside. */
export function isInsideCaseFolder(path: string): boolean {
  if (path.length === 0 || path.startsWith('/') || path.includes('\\') || path.includes('\0'))
    return false
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..')
}

const position = z.strictObject({
  /** Metres east and north of any fixed point of the incident. */
  x: seconds,
  y: seconds,
  /** Metres, half-width. */
  error: z.number().nonnegative().default(5),
})

const moment = z
  .strictObject({ footage: id, from: seconds, to: seconds })
  .refine((value) => value.to > value.from, {
    error: '"to" must be later than "from"',
    params: { code: 'time-range' },
  })

const instant = z.strictObject({ footage: id, at: seconds })

/** In shares of the upright picture's, or the page's, width and height, from the upper left. */
const share = z.number().min(0).max(1)
const region = z
  .strictObject({ x: share, y: share, width: share, height: share })
  .refine(({ width, height }) => width > 0 && height > 0, 'a region has a width and a height')
  .refine(
    // 0.7 + 0.3 and the like may come out a little over.
    ({ x, y, width, height }) => x + width <= 1 + 1e-9 && y + height <= 1 + 1e-9,
    'a region ends within the picture: "x" and "width", "y" and "height" add up to at most 1',
  )

const redaction = z
  .strictObject({
    id,
    footage: id.optional(),
    photo: id.optional(),
    document: id.optional(),
    /** Of a document, from 1. Without it: every page. */
    page: z.int().min(1).max(100_000).optional(),
    action: z.enum(['cover', 'silence']),
    /** Own time of the recording. Neither: all of it. */
    from: seconds.optional(),
    to: seconds.optional(),
    /** What is covered all the while… */
    region: region.optional(),
    /** …or from time to time; between two, the smallest region that holds both. */
    keyframes: z
      .array(z.strictObject({ at: seconds, region }))
      .min(1)
      .max(2000)
      .optional(),
    /** Public: what kind of thing it is, never whose. */
    reason: line,
    /** The rule, or the person or role, that asked for it; never public. */
    'asked-by': line,
    /** Never public. */
    note: text.optional(),
  })
  .refine(
    ({ footage, photo, document }) => [footage, photo, document].filter(Boolean).length === 1,
    {
      error: 'a redaction is of exactly one of "footage", "photo" or "document"',
    },
  )
  .refine(({ document, page }) => document !== undefined || page === undefined, {
    error: 'only a document has pages',
    path: ['page'],
  })
  .refine(({ footage, action }) => footage !== undefined || action === 'cover', {
    error: 'only footage is silenced; a photo or a document is covered',
    path: ['action'],
  })
  .refine(({ footage, from, to, keyframes }) => {
    return footage !== undefined || (from ?? to ?? keyframes) === undefined
  }, 'only footage has times; give one "region"')
  .refine(
    ({ from, to }) => (from === undefined) === (to === undefined) && (from ?? 0) < (to ?? 1),
    {
      error: 'give both "from" and a later "to", or neither for the whole',
      params: { code: 'time-range' },
      path: ['from'],
    },
  )
  .refine(({ action, region: one, keyframes }) => {
    return [one, keyframes].filter(Boolean).length === (action === 'cover' ? 1 : 0)
  }, 'what covers has either "region" or "keyframes", what silences has neither')
  .refine(
    ({ keyframes = [], from = -Infinity, to = Infinity }) => {
      return keyframes.every(({ at }, index) => {
        return at >= from && at <= to && at > (keyframes[index - 1]?.at ?? -Infinity)
      })
    },
    {
      error: 'each of the keyframes is later than the one before, from "from" to "to"',
      params: { code: 'time-range' },
      path: ['keyframes'],
    },
  )

const stance = z.strictObject({
  claim: id,
  stance: z.enum(['asserts', 'denies', 'qualifies']),
})

export const caseSchema = z.strictObject({
  format: z.literal('sightline-case/1'),
  incident: z.strictObject({
    id: slug,
    title: line,
    place: line,
    /** IANA zone in which the page states times of day. */
    timezone: z
      .string()
      .max(64)
      .refine(isTimeZone, 'is no IANA time zone; write e.g. "Europe/Lisbon" or "UTC"')
      .default('UTC'),
    date,
    language: z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/)
      .default('en'),
    /** Where the clock reads zero. Without it: the start of the earliest recording. */
    zero: z.strictObject({ footage: id, at: seconds, label: line }).optional(),
    /** A claim about the time of day at the clock's zero, never believed as fact. */
    'clock-time': z
      .strictObject({ at: date, 'plus-minus-seconds': z.number().nonnegative(), basis: line })
      .optional(),
  }),
  footage: z
    .array(
      z.strictObject({
        id,
        file: caseFile,
        label: line,
        /** Who filmed or gave it; stands in public only by that source's public name. */
        source: id.optional(),
        credit: line.optional(),
        position: position.optional(),
        note: text.optional(),
      }),
    )
    .default([]),
  photos: z
    .array(
      z.strictObject({
        id,
        file: caseFile,
        label: line,
        /** What the picture shows, for those who do not see it. */
        alt: text,
        source: id.optional(),
        credit: line.optional(),
      }),
    )
    .default([]),
  documents: z
    .array(
      z.strictObject({
        id,
        file: caseFile,
        title: line,
        /** The same words in another form, e.g. the text of a scanned letter. */
        'text-of': id.optional(),
        received: date.optional(),
      }),
    )
    .default([]),
  sources: z
    .array(
      z.strictObject({
        id,
        /** The name readers see: a pseudonym where the source is protected. */
        name: line,
        kind: z.enum(['witness', 'authority', 'news outlet', 'organisation']),
        about: text.optional(),
      }),
    )
    .default([]),
  accounts: z
    .array(
      z
        .strictObject({
          id,
          source: id,
          date,
          document: id.optional(),
          footage: id.optional(),
          note: text.optional(),
        })
        .refine(
          (value) => [value.document, value.footage, value.note].filter(Boolean).length === 1,
          {
            error: 'an account stands in exactly one of "document", "footage" or "note"',
          },
        ),
    )
    .default([]),
  statements: z
    .array(
      z.strictObject({
        id,
        account: id,
        /** Verbatim; must occur in the account's document. W3C TextQuoteSelector. */
        quote: text,
        prefix: beside.optional(),
        suffix: beside.optional(),
        /** When it is said in the account's recording, own time. Makes a caption. */
        from: seconds.optional(),
        to: seconds.optional(),
        on: z.array(stance).default([]),
      }),
    )
    .default([]),
  claims: z.array(z.strictObject({ id, text: line, about: text.optional() })).default([]),
  observations: z
    .array(
      z.strictObject({
        id,
        claim: id,
        /** A named person judges, never the software. */
        by: line,
        date,
        judgement: z.enum([
          'shows',
          'contradicts',
          'consistent with',
          'not visible',
          'not covered',
        ]),
        moment: moment.optional(),
        note: text.optional(),
      }),
    )
    .default([]),
  questions: z
    .array(
      z.strictObject({
        id,
        text: line,
        to: id,
        asked: date,
        /** The document in which it was asked. */
        document: id.optional(),
        'would-answer': text.optional(),
        answered: z.strictObject({ statement: id, date }).optional(),
      }),
    )
    .default([]),
  events: z
    .array(
      z
        .strictObject({
          id,
          label: line,
          /** On the clock, through a moment of one recording… */
          footage: id.optional(),
          at: seconds.optional(),
          to: seconds.optional(),
          'plus-minus-seconds': z.number().nonnegative().default(0),
          /** …or on the calendar. */
          date: date.optional(),
          kind: z.enum(['event', 'impulsive sound', 'inquiry']).default('event'),
          /** Of an impulsive sound: a person's, with that person's role. Only confirmed ones are published. */
          decision: z.enum(['confirmed', 'rejected']).optional(),
          by: line.optional(),
          sources: z.array(id).default([]),
          note: text.optional(),
        })
        .refine((value) => (value.date === undefined) !== (value.footage === undefined), {
          error: 'an event has either "footage" with "at", or a "date"',
        })
        .refine((value) => value.footage === undefined || value.at !== undefined, {
          error: 'an event in a recording needs "at", in that recording\'s own seconds',
        })
        .refine((value) => value.decision === undefined || value.kind === 'impulsive sound', {
          error: 'only an event of kind "impulsive sound" is confirmed or rejected',
          path: ['decision'],
        })
        .refine((value) => value.decision === undefined || value.by !== undefined, {
          error: 'says nothing of who decided; add "by", a person\'s name or role',
          path: ['decision'],
        })
        .refine((value) => value.by === undefined || value.decision !== undefined, {
          error: 'names who decided, but there is no "decision"; add confirmed or rejected',
          path: ['by'],
        }),
    )
    .default([]),
  anchors: z
    .array(
      z.strictObject({
        a: instant,
        b: instant,
        'plus-minus-seconds': positiveSeconds,
        /** The one visual event that both recordings show. */
        seen: line,
      }),
    )
    .default([]),
  redactions: z.array(redaction).default([]),
})

export type Case = z.infer<typeof caseSchema>
export type Source = Case['sources'][number]
export type Account = Case['accounts'][number]
export type Statement = Case['statements'][number]
export type Claim = Case['claims'][number]
export type Observation = Case['observations'][number]
export type Question = Case['questions'][number]
export type CaseEvent = Case['events'][number]
export type Redaction = Case['redactions'][number]

/** What a case consists of, piece by piece; the names are the keys of `case.yaml`. */
const { shape } = caseSchema
/** Of an incident of which no more is known yet. */
export const bareIncidentSchema = z.strictObject({ id: slug, title: line })

export const recordSchemas = {
  incident: shape.incident,
  footage: shape.footage.unwrap().element,
  photos: shape.photos.unwrap().element,
  documents: shape.documents.unwrap().element,
  sources: shape.sources.unwrap().element,
  accounts: shape.accounts.unwrap().element,
  statements: shape.statements.unwrap().element,
  claims: shape.claims.unwrap().element,
  observations: shape.observations.unwrap().element,
  questions: shape.questions.unwrap().element,
  events: shape.events.unwrap().element,
  anchors: shape.anchors.unwrap().element,
  redactions: shape.redactions.unwrap().element,
}
export type RecordKind = keyof typeof recordSchemas
export type CaseList = Exclude<RecordKind, 'incident'>
export type RecordValue<Kind extends RecordKind> = z.infer<(typeof recordSchemas)[Kind]>

/** In the order of `case.yaml`. */
export const recordKinds = Object.keys(recordSchemas) as readonly RecordKind[]
export const caseLists = recordKinds.filter((kind) => kind !== 'incident')

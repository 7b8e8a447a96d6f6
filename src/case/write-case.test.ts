import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { test } from 'node:test'
import fc from 'fast-check'
import { caseSchema, type Case } from './case-schema.ts'
import { readCase } from './read-case.ts'
import { writeCase } from './write-case.ts'

/** Words that YAML reads as something else, or that end a line, a quotation or a document. */
const odd = fc.constantFrom(
  'yes',
  'null',
  '~',
  '1e3',
  '0x1f',
  '-0',
  '.inf',
  '2026-05-17',
  '- a',
  '? a',
  'a: b',
  '# a',
  '&a',
  '*a',
  '!!str a',
  '%YAML 1.2',
  '---',
  '...',
  "it's",
  '"',
  '|',
  '>',
  '[',
  '{',
  '<<',
  '=',
  '\\',
  '\\u0000',
  '`',
  ' \t ',
  'a\n\n  b',
  'a\n---\nb',
  '\ta',
  'a \nb',
  '\u2028',
  '\u0085',
  '\ufeff',
  '\u202e',
  '😀',
  'e\u0301',
  '<script>',
  "'; drop table case_record; --",
)
const anyText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 40 }) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 40 }) },
  {
    weight: 3,
    arbitrary: fc
      .array(fc.oneof(odd, fc.string({ maxLength: 5 })), { maxLength: 5 })
      .map((all) => all.join('')),
  },
  { weight: 1, arbitrary: fc.array(odd, { maxLength: 4 }).map((all) => all.join('\n')) },
)
const line = anyText.filter((text) => caseSchema.shape.incident.shape.title.safeParse(text).success)
/** Not trimmed, and nothing may be nothing. */
const beside = anyText.filter((text) => /^(?:[^\p{Cc}\p{Cs}]|[\t\n\r])*$/u.test(text))
const seconds = fc.double({ noNaN: true, noDefaultInfinity: true })
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })

function withoutUndefined(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}

const share = fc.double({ min: 0, max: 0.5, noNaN: true })
const region = fc.record({
  x: share,
  y: share,
  width: share.filter((value) => value > 0),
  height: share.filter((value) => value > 0),
})
const times = fc
  .uniqueArray(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
    minLength: 2,
    maxLength: 6,
    // 0 and -0 are one time.
    comparator: (a, b) => a === b,
  })
  .map((all) => all.toSorted((a, b) => a - b))
const interval = maybe(times).map((all) =>
  all === undefined ? {} : { from: all[0], to: all.at(-1) },
)
const keyframes = fc
  .tuple(times, region)
  .map(([all, each]) => all.map((at) => ({ at, region: each })))
const redactions = fc.array(
  fc
    .oneof(
      fc
        .record({ action: fc.constant('silence'), footage: fc.constant('a') })
        .chain((given) => interval.map((when) => ({ ...given, ...when }))),
      fc
        .record({ action: fc.constant('cover'), footage: fc.constant('a'), region })
        .chain((given) => interval.map((when) => ({ ...given, ...when }))),
      fc.record({ action: fc.constant('cover'), footage: fc.constant('a'), keyframes }),
      keyframes.map((all) => ({
        action: 'cover',
        footage: 'a',
        keyframes: all,
        from: all[0]?.at,
        to: all.at(-1)?.at,
      })),
      fc.record({ action: fc.constant('cover'), photo: fc.constant('p'), region }),
      fc.record({
        action: fc.constant('cover'),
        document: fc.constant('d'),
        region,
        page: maybe(fc.integer({ min: 1, max: 100_000 })),
      }),
    )
    .chain((given) =>
      fc
        .record({ reason: line, 'asked-by': line, note: maybe(line) })
        .map((words) => ({ ...given, ...words })),
    ),
  { maxLength: 4 },
)

const cases: fc.Arbitrary<Case> = fc
  .record({
    title: line,
    claims: fc.array(fc.record({ text: line, about: maybe(line) }), { maxLength: 4 }),
    quotes: fc.array(
      fc.record({
        quote: line,
        prefix: maybe(beside),
        suffix: maybe(beside),
        from: maybe(seconds),
      }),
      { maxLength: 4 },
    ),
    x: seconds,
    notes: fc.array(line, { minLength: 1, maxLength: 3 }),
    redactions,
  })
  .map(({ title, claims, quotes, x, notes, redactions: hidden }) =>
    caseSchema.parse(
      withoutUndefined({
        format: 'sightline-case/1',
        incident: { id: 'quay', title, place: title, date: '2026-05~' },
        footage: [
          {
            id: 'a',
            file: `footage/ ${title.replaceAll(/[/\\\0]/g, '')}x`,
            label: title,
            position: { x, y: 0.1 },
          },
        ],
        photos: [{ id: 'p', file: 'p.jpg', label: title, alt: title }],
        documents: [{ id: 'd', file: 'd.txt', title }],
        sources: [{ id: 's', name: title, kind: 'witness' }],
        accounts: notes
          .map((note, index) => ({ id: `n${index}`, source: 's', date: '2026', note }))
          .concat([{ id: 'told', source: 's', date: '2026', footage: 'a' } as never]),
        claims: claims.map((claim, index) => ({ id: `c${index}`, ...claim })),
        statements: quotes.map(({ from, ...quote }, index) => ({
          id: `q${index}`,
          account: 'told',
          ...quote,
          ...(from === undefined || !(from + 1 > from) ? {} : { from, to: from + 1 }),
        })),
        redactions: hidden.map((redaction, index) => ({ id: `r${index}`, ...redaction })),
      }),
    ),
  )

test('a case that is written and read is the same case, whatever its texts', () => {
  fc.assert(
    fc.property(cases, (value) => {
      const { case: read, problems } = readCase(writeCase(value))
      assert.deepEqual(problems, [])
      // -0 is written as 0 in JSON, and means the same.
      assert.deepEqual(withoutUndefined(read), withoutUndefined(value))
    }),
    { numRuns: 1000 },
  )
})

test('the example is written once and for all: read and written again it has the same bytes', async () => {
  const example = new URL('../../examples/harbour-street/case.yaml', import.meta.url)
  const { case: facts } = readCase(await readFile(example, 'utf8'))
  assert.ok(facts)
  const written = writeCase(facts)
  const { case: again } = readCase(written)
  assert.ok(again)
  assert.deepEqual(again, facts)
  assert.equal(writeCase(again), written)
  assert.match(written, /^format: sightline-case\/1\nincident:\n {2}id: harbour-street\n/)
})

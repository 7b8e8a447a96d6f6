import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { canonicalJson, parseCanonicalJson } from './canonical-json.ts'

const { value } = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 5 },
    fc.constant(null),
    fc.boolean(),
    fc.maxSafeInteger().map((number) => number || 0),
    fc.string({ unit: 'binary' }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(fc.string({ unit: 'binary' }), tie('value'), {
      maxKeys: 4,
      noNullPrototype: true,
    }),
  ),
}))

test('what is written canonically reads back as the same value and text', () => {
  fc.assert(
    fc.property(value, (given) => {
      const text = canonicalJson(given)
      assert.deepEqual(parseCanonicalJson(text), given)
      assert.equal(canonicalJson(JSON.parse(JSON.stringify(given, null, 1))), text)
    }),
  )
})

test('what JSON cannot say exactly is refused, not approximated', () => {
  const list = [1]
  list[2] = 3
  const refused = [undefined, Number.NaN, Infinity, 1.5, -0, 2 ** 53, 1n, () => 1, Symbol('a')]
  for (const one of [...refused, new Date(0), new Map(), new Uint8Array(1), '\ud800', list]) {
    assert.throws(() => canonicalJson(one), { code: 'not-canonical' })
    assert.throws(() => canonicalJson({ a: [one] }), { code: 'not-canonical' })
  }
  assert.throws(() => canonicalJson({ '\udc00': 1 }), { code: 'not-canonical' })
})

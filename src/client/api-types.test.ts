import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { apiTypes } from '../../scripts/api-types.ts'
import { makeApiTypes } from '../../scripts/make-api-types.ts'

test('the types that are kept are what the interface says of itself', async () => {
  const kept = await readFile(join(import.meta.dirname, 'api-types.ts'), 'utf8')
  assert.equal(kept, await makeApiTypes(), 'run: node scripts/make-api-types.ts')
})

test('a schema of a kind that is not known is refused, not passed over', () => {
  const schema = { type: 'tensor' }
  assert.throws(
    () => apiTypes({ components: { schemas: { Odd: schema } }, paths: {} }),
    /type tensor is not known/,
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readPresignedReads } from './presigned-option.ts'

const effects = { now: () => new Date(Date.UTC(2031, 4, 4)) }
const store = {
  SIGHTLINE_BLOBS: 's3://footage/desk',
  AWS_ENDPOINT_URL_S3: 'http://objects.internal:9000',
  AWS_ACCESS_KEY_ID: 'key',
  AWS_SECRET_ACCESS_KEY: 'secret',
}
const endpoint = 'https://objects.example.org'
const on = { SIGHTLINE_BLOBS_READS: 'presigned', SIGHTLINE_BLOBS_PUBLIC_ENDPOINT: endpoint }

test('readers are sent to the object store only where that is said, and at the address they know', async () => {
  assert.equal(await readPresignedReads(store, effects), undefined)
  assert.equal(
    await readPresignedReads({ ...store, SIGHTLINE_BLOBS_READS: '' }, effects),
    undefined,
  )
  const reads = await readPresignedReads({ ...store, ...on }, effects)
  assert.equal(reads?.origin, endpoint)
  const address = await reads.address('ab'.repeat(32), {
    contentType: 'video/mp4',
    cacheControl: 'no-store',
  })
  assert.match(address, /^https:\/\/objects\.example\.org\/footage\/desk\/ab\/(?:ab){32}\?/)
  assert.match(address, /X-Amz-Date=20310504T000000Z/)
  assert.match(address, /X-Amz-Expires=60(?:&|$)/)
  assert.doesNotMatch(address, /internal|secret/)
})

test('what is half said is refused, with the remedy', async () => {
  const refused = (variables: Record<string, string>, why: RegExp) =>
    assert.rejects(readPresignedReads(variables, effects), {
      code: 'blobs-reads-malformed',
      message: why,
    })
  await refused({ ...store, SIGHTLINE_BLOBS_READS: 'yes' }, /"presigned" or not set/)
  await refused(on, /name it in SIGHTLINE_BLOBS/)
  for (const wrong of [
    '',
    'objects.example.org',
    'http://objects.example.org',
    'https://objects.example.org/bucket',
    'https://key:secret@objects.example.org',
    'https://objects.example.org/?a',
    'https://objects.example.org; script-src *',
    'ftp://objects.example.org',
  ]) {
    const variables = { ...store, ...on, SIGHTLINE_BLOBS_PUBLIC_ENDPOINT: wrong }
    await refused(variables, /SIGHTLINE_BLOBS_PUBLIC_ENDPOINT to an https origin/)
  }
})

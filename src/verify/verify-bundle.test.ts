import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { memoryBundle } from '../../test/support/bundle-files.ts'
import { type Files, storyBundle, testSeed } from '../../test/support/story-bundle.ts'
import { formatVkey } from '../custody/key.ts'
import { signerFromSeed } from '../custody/signer.ts'
import type { BundleReader } from './bundle-reader.ts'
import { servedBundle } from './served-bundle.ts'
import { verifyBundle } from './verify-bundle.ts'

const base = await storyBundle()
const codesOf = async (reader: BundleReader): Promise<string[]> => {
  const { findings } = await verifyBundle(reader)
  return [...new Set(findings.map(({ code }) => code))].toSorted()
}
const changed = (change: (files: Files) => void): Files => {
  const files = new Map(base)
  change(files)
  return files
}
const flipped = (path: string, at: number, mask: number): Files =>
  changed((files) => {
    const bytes = Uint8Array.from(files.get(path) ?? [])
    bytes[at] = (bytes[at] ?? 0) ^ mask
    files.set(path, bytes)
  })

test('the report says what the bundle says of itself, and what nothing shows', async () => {
  const signer = await signerFromSeed(testSeed)
  const own = await verifyBundle(memoryBundle(base))
  assert.deepEqual(own.facts, {
    files: base.size,
    bytes: [...base.values()].reduce((sum, bytes) => sum + bytes.length, 0),
    entries: 8,
    checkpointSize: 12,
    origin: signer.name,
    keyId: signer.keyId,
    keyPinned: false,
    listedEverything: true,
    publishedAt: '2031-05-04T17:00:09Z',
    incident: 'ferry-landing',
    revision: 1,
  })
  assert.ok(own.ok)
  assert.ok(own.doesNotShow.some((sentence) => sentence.startsWith('Whose log this is')))
  const trustedKey = `${formatVkey(signer)}\n`
  const pinned = await verifyBundle(memoryBundle(base), { trustedKey })
  assert.ok(pinned.facts.keyPinned)
  assert.ok(!pinned.doesNotShow.some((sentence) => sentence.startsWith('Whose log this is')))
  const broken = await verifyBundle(memoryBundle(flipped('index.html', 0, 1)))
  assert.deepEqual(broken.shows, [])
})

test('a trusted key that is no key is the caller’s error', async () => {
  const options = { trustedKey: 'sightline.invalid/log' }
  await assert.rejects(verifyBundle(memoryBundle(base), options), { code: 'trusted-key-malformed' })
})

/** For a changed byte of the file: what must be found, any of each list. */
const expectedCodes: Record<string, readonly (readonly string[])[]> = {
  'proof/log/key.vkey': [['key-malformed']],
  'proof/log/checkpoint': [
    ['checkpoint-malformed', 'checkpoint-signature-invalid'],
    ['receipt-checkpoint-differs'],
  ],
  'proof/log/opened': [['opened-malformed', 'file-missing']],
  'proof/log/entries/3.json': [['entry-malformed', 'record-does-not-open']],
  'proof/log/receipts/9.tlog-proof': [
    ['receipt-malformed', 'receipt-not-in-checkpoint', 'receipt-checkpoint-differs'],
  ],
  'proof/manifest.sha256': [['manifest-changed']],
}

test('every changed byte of the log and the manifest is found with its code', async () => {
  for (const [path, expected] of Object.entries(expectedCodes)) {
    const length = base.get(path)?.length ?? 0
    assert.ok(length > 0)
    for (let at = 0; at < length; at += 1) {
      const found = await codesOf(memoryBundle(flipped(path, at, 1 << (at % 8))))
      for (const codes of expected) {
        assert.ok(
          codes.some((code) => found.includes(code)),
          `${path}, byte ${at}: ${found.join()}`,
        )
      }
    }
  }
})

test('every file that is dropped, lengthened or emptied is found', async () => {
  for (const [path, bytes] of base) {
    const dropped = changed((files) => void files.delete(path))
    assert.ok((await codesOf(memoryBundle(dropped))).includes('file-missing'), path)
    const longer = changed((files) => void files.set(path, Uint8Array.of(...bytes, 10)))
    assert.notDeepEqual(await codesOf(memoryBundle(longer)), [], path)
    const empty = changed((files) => void files.set(path, new Uint8Array(0)))
    assert.notDeepEqual(await codesOf(memoryBundle(empty)), [], path)
  }
})

test('nothing that a bundle holds makes the verifier throw', async () => {
  const paths = [...base.keys(), 'x', 'proof/recipes/x', 'proof/log/entries/1.json/x', '\u202e\n']
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 200 }),
    fc.json().map((text) => new TextEncoder().encode(text)),
    fc.constantFrom(...base.values()),
  )
  const damage = fc.array(fc.tuple(fc.constantFrom(...paths), bytes), {
    minLength: 1,
    maxLength: 4,
  })
  await fc.assert(
    fc.asyncProperty(damage, async (pairs) => {
      const files = changed((all) => pairs.forEach(([path, data]) => all.set(path, data.slice())))
      const isSame = pairs.every(([path]) => {
        const [before, now] = [base.get(path), files.get(path)]
        return before !== undefined && now !== undefined && Buffer.from(before).equals(now)
      })
      const { ok, findings } = await verifyBundle(memoryBundle(files))
      assert.equal(ok, isSame)
      const printable = findings.every(({ path = '' }) => /^[ -~]*$/.test(path))
      assert.ok(printable)
    }),
    { numRuns: 150 },
  )
})

test('a link is a finding and is not read', async () => {
  const read: string[] = []
  const whole = memoryBundle(base)
  const reader: BundleReader = {
    listsEverything: true,
    list: async () =>
      (await whole.list()).map((file) =>
        file.path === 'data/claims.json' ? { path: file.path, kind: 'link' } : file,
      ),
    read: async (path, limit) => {
      read.push(path)
      return whole.read(path, limit)
    },
  }
  assert.deepEqual(await codesOf(reader), ['file-not-regular'])
  assert.ok(!read.includes('data/claims.json'))
  assert.ok(read.includes('index.html'))
})

test('a checkpoint of ten gigabytes is a finding and is not read', async () => {
  const whole = memoryBundle(base)
  const reader: BundleReader = {
    listsEverything: true,
    list: async () =>
      (await whole.list()).map((file) =>
        file.path === 'proof/log/checkpoint' ? { ...file, sizeBytes: 1e10 } : file,
      ),
    read: async (path, limit) => {
      assert.notEqual(path, 'proof/log/checkpoint')
      return whole.read(path, limit)
    },
  }
  assert.deepEqual(await codesOf(reader), ['file-too-large'])
})

test('a file that grew after it was listed is read no further than its limit', async () => {
  const whole = memoryBundle(base)
  const reader: BundleReader = {
    ...whole,
    list: async () => (await whole.list()).map(({ path, kind }) => ({ path, kind })),
    read: async (path, limit) =>
      path === 'proof/log/checkpoint' ? new Uint8Array(limit + 1) : whole.read(path, limit),
  }
  assert.deepEqual(await codesOf(reader), ['file-too-large'])
})

test('a manifest of ten million lines is a finding', async () => {
  const lines = new Uint8Array(10_000_000).fill(10)
  const files = changed((all) => void all.set('proof/manifest.sha256', lines))
  assert.deepEqual(await codesOf(memoryBundle(files)), ['file-too-large'])
})

test('a folder that cannot be listed, or a file that cannot be read, is a finding', async () => {
  const whole = memoryBundle(base)
  const gone = async () => Promise.reject(new Error('EIO'))
  assert.deepEqual(await codesOf({ ...whole, list: gone }), ['bundle-unreadable'])
  const many = Array.from(
    { length: 200_001 },
    (_, at) => ({ path: `a/${at}`, kind: 'file' }) as const,
  )
  assert.deepEqual(await codesOf({ ...whole, list: async () => many }), ['bundle-unreadable'])
  const reader: BundleReader = {
    ...whole,
    read: async (path, limit) => (path === 'index.html' ? gone() : whole.read(path, limit)),
  }
  assert.deepEqual(await codesOf(reader), ['file-unreadable'])
})

test('a served bundle is checked by the files that it names', async () => {
  const asked = new Map<string, number>()
  const serve = (files: Files) =>
    servedBundle(async (path) => {
      asked.set(path, (asked.get(path) ?? 0) + 1)
      return files.get(path)
    })
  const report = await verifyBundle(serve(base))
  assert.deepEqual(report.findings, [])
  assert.equal(report.facts.listedEverything, false)
  assert.ok(report.doesNotShow.some((sentence) => sentence.includes('could not be listed')))
  assert.deepEqual([...asked.keys()].toSorted(), [...base.keys()].toSorted())
  assert.ok([...asked.values()].every((times) => times === 1))
  assert.deepEqual(await codesOf(serve(flipped('media/still-1.png', 3, 1))), ['file-changed'])
  const dropped = changed((files) => void files.delete('index.html'))
  assert.deepEqual(await codesOf(serve(dropped)), ['file-missing'])
})

test('a served bundle fetches no path that leaves it', async () => {
  const asked: string[] = []
  const lines = ['../up', '/root', 'a//b', 'https://elsewhere.invalid/x', 'a?b', '.', 'a/%2e%2e/b']
  const text = lines.map((path) => `${'ab'.repeat(32)}  ${path}\n`).join('')
  const served = servedBundle(async (path) => {
    asked.push(path)
    return path === 'proof/manifest.sha256' ? new TextEncoder().encode(text) : undefined
  })
  await verifyBundle(served)
  assert.ok(asked.every((path) => path.startsWith('proof/')))
})

/**
 * Two checkers, written separately from docs/formats: src/verify in this
 * process, scripts/check_bundle.py in one child that is asked again and again.
 * They must agree finding by finding.
 */
import assert from 'node:assert/strict'
import { execFile, spawn } from 'node:child_process'
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { after, test } from 'node:test'
import { promisify } from 'node:util'
import { bundleFolder } from '../../src/jobs/bundle-folder.ts'
import type { Finding } from '../../src/verify/finding.ts'
import { verifyBundle } from '../../src/verify/verify-bundle.ts'
import { readBundle } from '../support/bundle-files.ts'
import { storyBundle } from '../support/story-bundle.ts'
import { bundleVectors } from '../support/vectors/bundle-vectors.ts'
import { custodyVectors } from '../support/vectors/custody-vectors.ts'
import {
  type ExpectedFile,
  asPairs,
  readBundleVectors,
  readCustodyVectors,
  vectorFolder,
} from '../support/vector-files.ts'

const script = join(import.meta.dirname, '../../scripts/check_bundle.py')
const python = (...options: string[]) => promisify(execFile)('python3', [script, ...options])

type Answer = { readonly findings: ExpectedFile['findings']; readonly facts: object }
const child = spawn('python3', [join(import.meta.dirname, '../support/second_checker.py')], {
  stdio: ['pipe', 'pipe', 'inherit'],
})
const answers = createInterface(child.stdout)[Symbol.asyncIterator]()
const ask = async (question: object): Promise<unknown> => {
  child.stdin.write(`${JSON.stringify(question)}\n`)
  return JSON.parse(String((await answers.next()).value))
}
const askSecond = async (folder: string, key = ''): Promise<Answer> =>
  (await ask({ folder, key })) as Answer

const scratch = await mkdtemp(join(tmpdir(), 'sightline-checkers-'))
after(async () => {
  child.stdin.end()
  await rm(scratch, { recursive: true })
})

/** Both checkers' findings, when they are the same. */
const agreed = async (folder: string, about: string): Promise<readonly Finding[]> => {
  const { findings } = await verifyBundle(bundleFolder(folder))
  assert.deepEqual(asPairs((await askSecond(folder)).findings), asPairs(findings), about)
  return findings
}

test('the vectors are those that their makers write', async () => {
  for (const { name, damage, ...expected } of bundleVectors) {
    const folder = join(vectorFolder, 'bundles', name)
    const made = await storyBundle(damage)
    const kept = await readBundle(join(folder, 'bundle'))
    assert.deepEqual([...kept.keys()].toSorted(), [...made.keys()].toSorted(), name)
    for (const [path, bytes] of made) assert.deepEqual(kept.get(path), bytes, `${name}: ${path}`)
    const text = await readFile(join(folder, 'expected.json'), 'utf8')
    assert.deepEqual(JSON.parse(text), expected, name)
  }
  const kept = await readCustodyVectors()
  assert.equal(kept.size, custodyVectors.length)
  for (const { name, ...vector } of custodyVectors) {
    assert.deepEqual(kept.get(`${name}.json`), vector, name)
  }
})

test('the second checker reads every custody vector as it says', async () => {
  for (const [name, vector] of await readCustodyVectors()) {
    assert.deepEqual(await ask({ vector }), { codes: vector.codes }, name)
  }
})

test('both checkers find in every bundle vector just what it says', async () => {
  const vectors = await readBundleVectors()
  assert.ok(vectors.size > 50)
  for (const [name, { folder, findings, trustedKey }] of vectors) {
    const expected = asPairs(findings)
    const options = trustedKey === undefined ? {} : { trustedKey }
    const first = await verifyBundle(bundleFolder(folder), options)
    const second = await askSecond(folder, trustedKey)
    assert.deepEqual(asPairs(first.findings), expected, name)
    assert.deepEqual(asPairs(second.findings), expected, name)
    const { listedEverything: _, ...facts } = first.facts
    const known = Object.entries(facts).filter(([, value]) => value !== undefined)
    const stated = Object.entries(second.facts).filter(([, value]) => value !== null)
    assert.deepEqual(Object.fromEntries(stated), Object.fromEntries(known), name)
  }
})

test('both find every byte flipped, every file dropped and every file added, alike', async () => {
  const valid = join(vectorFolder, 'bundles', 'valid', 'bundle')
  const folder = join(scratch, 'mutants')
  await cp(valid, folder, { recursive: true })
  assert.deepEqual(await agreed(folder, 'untouched'), [])
  for (const [path, bytes] of await readBundle(valid)) {
    const full = join(folder, path)
    const last = bytes.length - 1
    for (const at of new Set([
      0,
      1,
      last,
      ...[1, 2, 3, 4, 5].map((n) => (last * n * 61) % bytes.length),
    ])) {
      const flipped = Uint8Array.from(bytes)
      flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 7))
      await writeFile(full, flipped)
      const about = `${path}, byte ${at}`
      const findings = await agreed(folder, about)
      assert.notEqual(findings.length, 0, about)
      if (!path.startsWith('proof/')) {
        assert.deepEqual(asPairs(findings), [`file-changed ${path}`], about)
      }
    }
    await rm(full)
    const dropped = asPairs(await agreed(folder, `${path} dropped`))
    assert.ok(dropped.includes(`file-missing ${path}`), path)
    await symlink(join(valid, path), full)
    const linked = asPairs(await agreed(folder, `${path} a link`))
    assert.ok(linked.includes(`file-not-regular ${path}`), path)
    await rm(full)
    await writeFile(full, bytes)
    const beside = join(dirname(full), 'added-file')
    await writeFile(beside, 'x')
    const added = asPairs(await agreed(folder, `a file beside ${path}`))
    assert.ok(added.includes(`file-extra ${join(dirname(path), 'added-file')}`), path)
    await rm(beside)
  }
  assert.deepEqual(await agreed(folder, 'restored'), [])
})

test('sha256sum reads the manifest', async () => {
  const folder = join(vectorFolder, 'bundles', 'valid', 'bundle')
  const options = ['--check', '--strict', '--quiet', 'proof/manifest.sha256']
  await promisify(execFile)('sha256sum', options, { cwd: folder })
})

test('a linked folder is a finding of both, and what lies behind it is not read', async () => {
  const folder = join(scratch, 'linked')
  await cp(join(vectorFolder, 'bundles', 'valid', 'bundle'), folder, { recursive: true })
  await mkdir(join(scratch, 'outside'))
  await writeFile(
    join(scratch, 'outside', 'claims.json'),
    await readFile(join(folder, 'data/claims.json')),
  )
  await rm(join(folder, 'data'), { recursive: true })
  await symlink(join(scratch, 'outside'), join(folder, 'data'))
  assert.deepEqual(asPairs(await agreed(folder, 'linked folder')), [
    'file-missing data/claims.json',
    'file-not-regular data',
  ])
})

test('the second checker’s command answers as its help says', async () => {
  const vectors = await readBundleVectors()
  const folder = vectors.get('valid')?.folder ?? ''
  const { stdout } = await python(folder, '--json')
  assert.equal((JSON.parse(stdout) as { ok: boolean }).ok, true)
  const pinned = vectors.get('key-not-trusted')?.trustedKey ?? ''
  await assert.rejects(python(folder, '--json', '--key', pinned), { code: 3 })
  await python(folder, '--key', join(folder, 'proof/log/key.vkey'))
  await assert.rejects(python(folder, '--key', 'no key'), { code: 2 })
  await assert.rejects(python(join(folder, 'nowhere')), { code: 2 })
  await assert.rejects(python(), { code: 2 })
  assert.match((await python('--help')).stdout, /--key/)
})

/**
 * The engine in a Web Worker of Chromium: what a reader's browser computes from
 * the example's sound is, number for number, what Node computes.
 */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { alignRecordings } from '../../src/align/align-recordings.ts'
import type { AlignInput, AlignOptions } from '../../src/align/alignment.ts'
import { cos, exp, log } from '../../src/align/exact-math.ts'
import { randomNumbers } from '../../src/align/fixture-sound.ts'
import type { Case } from '../../src/case/case-schema.ts'
import { readCase } from '../../src/case/read-case.ts'
import { packageRoot } from '../../src/jobs/package-root.ts'
import {
  alignInWorker,
  alignWorkerPolicy,
  exactMathInWorker,
  writeAlignWorker,
} from '../support/align-worker.ts'
import { launchChromium, logRequests, serveFolder, type StaticServer } from '../support/browser.ts'
import { decodedSound } from '../support/decoded-sound.ts'

const example = join(packageRoot, 'examples', 'harbour-street')

let facts: Case
let folder = ''
let browser: Browser
let server: StaticServer
const sounds = new Map<string, Float32Array>()

before(async () => {
  facts = readCase(await readFile(join(example, 'case.yaml'), 'utf8')).case!
  folder = await mkdtemp(join(tmpdir(), 'align-worker-'))
  await writeAlignWorker(folder)
  for (const { id, file } of facts.footage) {
    const samples = await decodedSound(join(example, file))
    sounds.set(id, samples)
    await writeFile(join(folder, `${id}.f32`), samples)
  }
  server = await serveFolder(folder, alignWorkerPolicy)
  browser = await launchChromium()
})

after(async () => {
  await browser.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

async function withPage(look: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext()
  try {
    const requests = await logRequests(context, server.origin)
    const page = await context.newPage()
    await page.goto(server.origin)
    await look(page)
    assert.deepEqual(requests.foreign, [])
    assert.ok(requests.addresses.includes(`${server.origin}/pffft.wasm`))
  } finally {
    await context.close()
  }
}

/** Strict equality compares numbers by Object.is. */
async function assertSameInChromium(
  inputs: readonly Omit<AlignInput, 'samples'>[],
  options: AlignOptions,
): Promise<void> {
  const inNode = alignRecordings(
    inputs.map((input) => ({ ...input, samples: sounds.get(input.id)! })),
    options,
  )
  assert.equal(inNode.groups[0]?.members.length, 4)
  await withPage(async (page) => {
    assert.deepEqual(await alignInWorker(page, inputs, options), inNode)
  })
}

test('the example by sound alone has the same numbers in a worker of Chromium and in Node', async () => {
  await assertSameInChromium(
    facts.footage.map(({ id }) => ({ id })),
    {},
  )
})

test('the example with places and anchors has the same numbers in a worker of Chromium and in Node', async () => {
  const inputs = facts.footage.map(({ id, position }) =>
    position === undefined
      ? { id }
      : { id, position: { xMetres: position.x, yMetres: position.y, errorMetres: position.error } },
  )
  const anchors = facts.anchors.map(({ a, b, 'plus-minus-seconds': errorSeconds }) => ({
    a: { id: a.footage, atSeconds: a.at },
    b: { id: b.footage, atSeconds: b.at },
    errorSeconds,
  }))
  assert.ok(anchors.length > 0 && inputs.some((input) => 'position' in input))
  await assertSameInChromium(inputs, { anchors })
})

test('logarithms, exponentials and cosines of the engine are the same in Chromium, where Math’s may not be', async () => {
  const random = randomNumbers(3)
  const numbers = Array.from({ length: 20_000 }, () => 20 * random() - 4)
  await withPage(async (page) => {
    assert.deepEqual(await exactMathInWorker(page, numbers), [
      numbers.map(log),
      numbers.map(exp),
      numbers.map(cos),
    ])
  })
})

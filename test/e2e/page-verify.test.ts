import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import type { Browser, Page } from 'playwright-core'
import { bundleAssets } from '../../src/jobs/bundle-assets.ts'
import { verifyPage } from '../../src/publish/verify-page.ts'
import { accessibilityViolations } from '../support/accessibility.ts'
import {
  launchChromium,
  logRequests,
  serveFolder,
  writeBundle,
  type StaticServer,
} from '../support/browser.ts'
import { sampleMaterial } from '../support/sample-story/sample-material.ts'
import { storyBundle as provenBundle } from '../support/story-bundle.ts'

let folder = ''
let browser: Browser
let server: StaticServer

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-verify-'))
  const assets = await bundleAssets()
  const page = new TextEncoder().encode(verifyPage(sampleMaterial().material))
  const files = await provenBundle({
    files(bundle) {
      bundle.set('verify.html', page)
      for (const asset of assets) {
        if ('bytes' in asset) bundle.set(asset.path, new Uint8Array(asset.bytes))
      }
    },
  })
  await writeBundle(
    folder,
    [...files].map(([path, bytes]) => ({ path, bytes })),
    new Map(),
  )
  server = await serveFolder(folder)
  browser = await launchChromium()
})

after(async () => {
  await browser.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

async function withPage(address: string, look: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext()
  try {
    const log = await logRequests(
      context,
      new URL(address).protocol === 'file:' ? 'file://' : server.origin,
    )
    context.setDefaultTimeout(20_000)
    const page = await context.newPage()
    await page.goto(address)
    await look(page)
    assert.deepEqual(log.foreign, [])
  } finally {
    await context.close()
  }
}

async function resultOf(page: Page): Promise<string> {
  await page.locator('#report h2').waitFor()
  return (await page.locator('#report').textContent()) ?? ''
}

async function damaged(path: string, look: () => Promise<void>): Promise<void> {
  const file = join(folder, path)
  const whole = await readFile(file)
  const changed = Buffer.from(whole)
  changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1
  await writeFile(file, changed)
  try {
    await look()
  } finally {
    await writeFile(file, whole)
  }
}

const served = () => `${server.origin}/verify.html`
const onDisk = () => pathToFileURL(join(folder, 'verify.html')).href

test('an untouched bundle on a server is consistent, and extra files are said to be unseen', async () => {
  await withPage(served(), async (page) => {
    await page.getByRole('button', { name: 'Check the files on this site' }).click()
    const result = await resultOf(page)
    assert.match(result, /No findings: the bundle is consistent/)
    assert.match(result, /extra files could not be looked for/)
    assert.match(result, /the bundle’s own/)
    assert.doesNotMatch(
      (await page.locator('body').textContent()) ?? '',
      /verified|tamper|court-ready/i,
    )
    assert.deepEqual(await accessibilityViolations(page), [])
  })
})

test('one changed byte of an exhibit is found on a server', async () => {
  await damaged('media/still-1.png', async () => {
    await withPage(served(), async (page) => {
      await page.getByRole('button', { name: 'Check the files on this site' }).click()
      const result = await resultOf(page)
      assert.match(result, /file-changed media\/still-1\.png/)
      assert.doesNotMatch(result, /This shows/)
      assert.deepEqual(await accessibilityViolations(page), [])
    })
  })
})

test('opened from a disk the page checks the folder chosen in it', async () => {
  await withPage(onDisk(), async (page) => {
    assert.ok(await page.locator('#check-served').isHidden())
    await page.getByLabel('Check a downloaded folder').setInputFiles(folder)
    assert.match(await resultOf(page), /No findings: the bundle is consistent/)
  })
})

test('a file that nothing names is found in a chosen folder', async () => {
  const extra = join(folder, 'media', 'extra.mp4')
  await writeFile(extra, 'extra')
  try {
    await withPage(onDisk(), async (page) => {
      await page.getByLabel('Check a downloaded folder').setInputFiles(folder)
      assert.match(await resultOf(page), /file-extra media\/extra\.mp4/)
    })
  } finally {
    await rm(extra)
  }
})

test('another key than the publisher’s is a finding, and no key at all is refused', async () => {
  const other = 'sightline.invalid/log/0000000000000000+00000000+AAAA'
  await withPage(served(), async (page) => {
    await page.getByLabel('The publisher’s key').fill(other)
    await page.getByRole('button', { name: 'Check the files on this site' }).click()
    await page.getByText('The check could not run.').waitFor()
    await page
      .getByLabel('The publisher’s key')
      .fill((await readFile(join(folder, 'proof/log/key.vkey'), 'utf8')).trim())
    await page.getByRole('button', { name: 'Check the files on this site' }).click()
    assert.match(await resultOf(page), /the one you gave/)
  })
})

test('with scripts off the page says how to check without it', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  try {
    const page = await context.newPage()
    await page.goto(served())
    assert.ok(await page.getByText('sha256sum -c proof/manifest.sha256').isVisible())
    assert.ok(await page.locator('#controls').isHidden())
  } finally {
    await context.close()
  }
})

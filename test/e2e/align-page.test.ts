/** The page that `align --html` writes: opened from disk, as whoever is handed it would. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { HtmlValidate } from 'html-validate'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { alignPage } from '../../src/cli/align-page.ts'
import { fixtureReport, hostileName, wideName } from '../../src/cli/fixture-align-report.ts'
import { accessibilityViolations } from '../support/accessibility.ts'
import { launchChromium } from '../support/browser.ts'

let folder = ''
let browser: Browser
let address = ''
const html = alignPage(fixtureReport())

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'align-page-'))
  const file = join(folder, 'clock.html')
  await writeFile(file, html)
  address = pathToFileURL(file).href
  browser = await launchChromium()
})

after(async () => {
  await browser.close()
  await rm(folder, { recursive: true, force: true })
})

/** Fails on any request but the page itself, and on anything in the console. */
async function withPage(
  options: BrowserContextOptions,
  look: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(options)
  try {
    const page = await context.newPage()
    const requests: string[] = []
    const problems: string[] = []
    page.on('request', (request) => requests.push(request.url()))
    page.on('console', (message) => problems.push(message.text()))
    page.on('pageerror', (error) => problems.push(error.message))
    await page.goto(address)
    await look(page)
    assert.deepEqual(requests, [address])
    assert.deepEqual(problems, [])
  } finally {
    await context.close()
  }
}

for (const width of [390, 1440]) {
  for (const colorScheme of ['light', 'dark'] as const) {
    test(`${width} pixels, ${colorScheme}: axe finds nothing, nothing is cut off, its own style applies`, async () => {
      // axe is a script, which the page's own policy would refuse.
      const options = { viewport: { width, height: 900 }, colorScheme, bypassCSP: true }
      await withPage(options, async (page) => {
        assert.deepEqual(await accessibilityViolations(page), [])
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width)
        const paper = await page.evaluate(
          'getComputedStyle(document.documentElement).backgroundColor',
        )
        assert.equal(paper, colorScheme === 'light' ? 'rgb(248, 244, 234)' : 'rgb(24, 22, 19)')
      })
    })
  }
}

test('under its own policy the style applies, and no script could run', async () => {
  await withPage({ colorScheme: 'light' }, async (page) => {
    const fill = await page.evaluate("getComputedStyle(document.querySelector('rect.bar')).fill")
    assert.equal(fill, 'rgb(26, 86, 118)')
    assert.equal(await page.locator('script, img, link, iframe, object, [style]').count(), 0)
    assert.equal(await page.locator('svg').count(), 2 + 7)
  })
})

test('every recording stands in a table with offset, error, drift and method', async () => {
  const report = fixtureReport()
  await withPage({}, async (page) => {
    for (const [index, { members }] of report.groups.entries()) {
      const rows = page
        .locator('main > section')
        .nth(index)
        .getByRole('table', { name: 'Recordings, in the order' })
        .locator('tbody tr')
      assert.equal(await rows.count(), members.length)
      for (const [row, member] of members.entries()) {
        const text = await rows.nth(row).innerText()
        assert.ok(text.includes(member.offsetSeconds.toFixed(4)), text)
        assert.match(text, /± \d+\.\d\d s/)
        assert.ok(text.endsWith(member.method), text)
      }
    }
  })
})

test('what was rejected, what stands apart and what contradicts the calendar time is said with its reason', async () => {
  const report = fixtureReport()
  await withPage({}, async (page) => {
    const text = await page.locator('main').innerText()
    for (const { reason } of report.groups.flatMap(({ links }) => links)) {
      assert.ok(reason === undefined || text.includes(reason), reason)
    }
    for (const { reason, code } of report.apart) {
      assert.ok(text.includes(reason) && text.includes(code), reason)
    }
    assert.match(text, /Clock zero: 2026-06-07T17:00:01\.500\+02:00 ± 1\.23 s, as stated/)
    assert.match(text, /contradicts it: 2\.08 h later \(whole hours apart/)
  })
})

test('a name with markup, an escape and a turned direction is shown as such and is nothing else', async () => {
  await withPage({}, async (page) => {
    const names = await page.locator('.row .name').allInnerTexts()
    assert.ok(names.includes('\\u{1b}[31m<img src=x onerror=alert(1)>\\u{202e}"&amp;.mp4'))
    assert.ok(names.includes(wideName.slice(3)))
  })
  assert.ok(!html.includes(hostileName))
  assert.doesNotMatch(html, /<img|(?!\n)[\p{Cc}\p{Cf}]/u)
})

test('printed, it is on white paper with the folded links open', async () => {
  await withPage({ colorScheme: 'dark' }, async (page) => {
    await page.emulateMedia({ media: 'print' })
    await page.evaluate("document.querySelector('details').open = false")
    assert.equal(
      await page.evaluate('getComputedStyle(document.documentElement).backgroundColor'),
      'rgb(255, 255, 255)',
    )
    assert.ok(await page.locator('details table').first().isVisible())
  })
})

test('the HTML is valid', async () => {
  const { valid, results } = await new HtmlValidate({
    extends: ['html-validate:recommended'],
  }).validateString(html)
  assert.ok(
    valid,
    JSON.stringify(
      results.flatMap(({ messages }) => messages),
      undefined,
      1,
    ),
  )
})

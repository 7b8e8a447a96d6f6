/** The page that `align --html` writes: opened from disk, as whoever is handed it would. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { pathToFileURL } from 'node:url'
import { HtmlValidate } from 'html-validate'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { impulsePictures } from '../../src/cli/align-impulse-pictures.ts'
import { alignPage } from '../../src/cli/align-page.ts'
import {
  fixtureInputs,
  fixtureReport,
  hostileName,
  wideName,
} from '../../src/cli/fixture-align-report.ts'
import { accessibilityViolations } from '../support/accessibility.ts'
import { launchChromium } from '../support/browser.ts'

let folder = ''
let browser: Browser
let address = ''
const fixture = fixtureReport()
const html = alignPage(fixture, impulsePictures(fixture, fixtureInputs(fixture)))

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
    assert.equal(await page.locator('svg').count(), 2 + 7 + 2 + 4)
  })
})

test('each sound that several hear has a spectrogram of each, on one ruler and said in words', async () => {
  await withPage({ viewport: { width: 1440, height: 900 } }, async (page) => {
    const figures = page.locator('.sound-figure')
    assert.equal(await figures.count(), 2)
    assert.match(await figures.nth(0).innerText(), /Sound 1 at 840\.200 s ± 0\.02 s/)
    const pictures = figures.nth(0).locator('svg.spectrogram[role=img]')
    assert.match(
      (await pictures.nth(1).getAttribute('aria-label')) ?? '',
      /from 839\.200 to 842\.200 s on the clock; this recording hears sound 1 at 840\.250 s, its place is known to ± 0\.02 s/,
    )
    const boxes = await Promise.all((await pictures.all()).map((each) => each.boundingBox()))
    assert.equal(boxes.length, 2)
    assert.equal(boxes[0]?.x, boxes[1]?.x)
    assert.equal(boxes[0]?.width, boxes[1]?.width)
    // A third of the way along: 1 s before it, 2 s after it.
    const tick = await pictures.nth(1).locator('.tick').first().getAttribute('x1')
    assert.ok(Math.abs(Number.parseFloat(tick ?? '') - 35) < 0.01, `${tick}`)
  })
})

test('the pictures are PNGs of 375 by 64 that a browser reads, darkest where the sound begins', async () => {
  const sources = [...html.matchAll(/href="(data:image\/png;base64,[^"]+)"/g)].map(([, url]) => url)
  assert.equal(sources.length, 4)
  await withPage({ bypassCSP: true }, async (page) => {
    for (const source of sources) {
      const { width, height, darkestSeconds } = await page.evaluate<{
        width: number
        height: number
        darkestSeconds: number
      }>(`(async () => {
        const image = new Image()
        image.src = ${JSON.stringify(source)}
        await image.decode()
        const { width, height } = image
        const canvas = document.createElement('canvas')
        Object.assign(canvas, { width, height })
        const context = canvas.getContext('2d')
        context.drawImage(image, 0, 0)
        const { data } = context.getImageData(0, 0, width, height)
        const sums = Array.from({ length: width }, () => 0)
        for (let at = 0; at < data.length; at += 4) sums[(at / 4) % width] += data[at]
        return { width, height, darkestSeconds: sums.indexOf(Math.min(...sums)) * 3 / width }
      })()`)
      assert.deepEqual([width, height], [375, 64])
      assert.ok(Math.abs(darkestSeconds - 1) < 0.1, `${darkestSeconds}`)
    }
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

test('the same report and sound make the same page', () => {
  assert.equal(alignPage(fixture, impulsePictures(fixture, fixtureInputs(fixture))), html)
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

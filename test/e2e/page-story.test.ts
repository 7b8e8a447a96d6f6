import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { setTimeout } from 'node:timers/promises'
import { pathToFileURL } from 'node:url'
import { HtmlValidate } from 'html-validate'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { bundleAssets } from '../../src/jobs/bundle-assets.ts'
import { storyBundle } from '../../src/publish/story-bundle.ts'
import { accessibilityViolations } from '../support/accessibility.ts'
import {
  launchChromium,
  logRequests,
  serveFolder,
  writeBundle,
  type RequestLog,
  type StaticServer,
} from '../support/browser.ts'
import { sampleCaseYaml, sampleStoryMarkdown } from '../support/sample-story/sample-case.ts'
import { sampleMaterial } from '../support/sample-story/sample-material.ts'
import { sampleMediaMaker } from '../support/sample-story/sample-media.ts'

let folder = ''
let bundle = ''
let browser: Browser
let server: StaticServer

before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'page-story-'))
  bundle = join(folder, 'bundle')
  const makePart = sampleMediaMaker(join(folder, 'media'))
  const { material, blobs } = sampleMaterial({ makePart, assets: await bundleAssets() })
  await writeBundle(bundle, storyBundle(material), blobs)
  server = await serveFolder(bundle)
  browser = await launchChromium()
})

after(async () => {
  await browser.close()
  await server.close()
  await rm(folder, { recursive: true, force: true })
})

/** Opens the page, runs `look`, and fails on a foreign request or an error in the console. */
async function withPage(
  look: (page: Page, log: RequestLog) => Promise<void>,
  options: BrowserContextOptions = {},
  path = '/index.html',
): Promise<void> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options })
  try {
    const log = await logRequests(context, server.origin)
    context.setDefaultTimeout(20_000)
    const page = await context.newPage()
    const problems: string[] = []
    page.on('pageerror', (error) => problems.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text())
    })
    await page.goto(`${server.origin}${path}`)
    await look(page, log)
    assert.deepEqual(log.foreign, [])
    assert.deepEqual(problems, [])
  } finally {
    await context.close()
  }
}

async function openAll(page: Page): Promise<void> {
  await page.evaluate(`for (const each of document.querySelectorAll('details')) each.open = true`)
}

const videoOf = (id: string) => `document.getElementById(${JSON.stringify(id)})`
const timeOf = (page: Page, id: string) => page.evaluate<number>(`${videoOf(id)}.currentTime`)

/** Asks from outside: the page's policy forbids evaluating within it. */
async function until(page: Page, condition: string): Promise<void> {
  for (let asked = 0; asked < 400; asked += 1) {
    if (await page.evaluate<boolean>(`Boolean(${condition})`)) return
    await setTimeout(50)
  }
  assert.fail(`never: ${condition}`)
}

async function ready(page: Page, id: string): Promise<void> {
  await until(page, `${videoOf(id)}.readyState >= 2`)
}

async function seeked(page: Page, id: string): Promise<void> {
  await until(page, `!${videoOf(id)}.seeking && ${videoOf(id)}.currentTime > 0`)
}

for (const colorScheme of ['light', 'dark'] as const) {
  for (const width of [1440, 390]) {
    test(`axe finds nothing at ${width} px, ${colorScheme}, closed and open`, async () => {
      await withPage(
        async (page) => {
          assert.deepEqual(await accessibilityViolations(page), [])
          await openAll(page)
          assert.deepEqual(await accessibilityViolations(page), [])
        },
        { colorScheme, viewport: { width, height: 900 } },
      )
    })
  }
}

test('axe finds nothing where the page’s script did not run', async () => {
  await withPage(async (page) => {
    // axe itself is a script, so that scripts cannot be off.
    await page.route('**/assets/story.js', (route) =>
      route.fulfill({ contentType: 'text/javascript', body: '' }),
    )
    await page.reload()
    assert.equal(await page.getByRole('button').count(), 0)
    assert.deepEqual(await accessibilityViolations(page), [])
  })
})

for (const width of [320, 390, 700, 1000]) {
  test(`nothing reaches out of the window at ${width} px`, async () => {
    await withPage(
      async (page) => {
        await openAll(page)
        const wide = await page.evaluate<number>('document.documentElement.scrollWidth')
        assert.equal(wide, width)
      },
      { viewport: { width, height: 800 } },
    )
  })
}

for (const width of [390, 800, 1440]) {
  test(`no heading of the notes lies over their text at ${width} px`, async () => {
    await withPage(
      async (page) => {
        const overlaps = await page.evaluate<string[]>(`
          [...document.querySelectorAll('.about > section')].flatMap((section) => {
            const [heading, next] = section.children
            const a = heading.getBoundingClientRect()
            const b = next.getBoundingClientRect()
            const apart = a.right <= b.left || a.bottom <= b.top
            return apart ? [] : [heading.textContent]
          })`)
        assert.deepEqual(overlaps, [])
      },
      { viewport: { width, height: 900 } },
    )
  })
}

test('hostile text does nothing and moves nothing, however long its words', async () => {
  const word = 'W'.repeat(10_000)
  const attack = `"><img src=x onerror="document.title='hit'"><script>document.title='hit'</script>\u202E${word}`
  const yaml = JSON.stringify(attack.slice(0, 300))
  const caseYaml = sampleCaseYaml
    .replace('label: Footbridge,', `label: ${yaml},`)
    .replace('name: A cyclist on the footbridge,', `name: ${yaml},`)
    .replace('text: No person was hurt.', `text: ${yaml}`)
    .replace('label: Second bang,', `label: ${yaml},`)
    .replace('by: L. Marsh', `by: ${yaml}`)
    .replace("title: 'The Eastmere Courier, page 3'", `title: ${yaml}`)
  const storyMarkdown = sampleStoryMarkdown
    .replace('title: Nine seconds on Ropewalk Lane', `title: ${yaml}`)
    .replace('## The wheel', `## ${attack}\n\n${attack}`)
  const hostile = join(folder, 'hostile')
  const { material, blobs } = sampleMaterial({
    caseYaml,
    storyMarkdown,
    assets: await bundleAssets(),
  })
  await writeBundle(hostile, storyBundle(material), blobs)
  const other = await serveFolder(hostile)
  const context = await browser.newContext({ viewport: { width: 390, height: 800 } })
  try {
    const log = await logRequests(context, other.origin)
    const page = await context.newPage()
    const refused: string[] = []
    page.on('console', (message) => {
      if (message.text().includes('Content Security Policy')) refused.push(message.text())
    })
    await page.goto(`${other.origin}/index.html`)
    await openAll(page)
    assert.notEqual(await page.title(), 'hit')
    assert.deepEqual(log.foreign, [])
    // The policy is the second wall: nothing may even reach it.
    assert.deepEqual(refused, [])
    assert.ok(!log.addresses.some((address) => address.endsWith('/x')))
    assert.equal(await page.evaluate<number>('document.documentElement.scrollWidth'), 390)
    assert.deepEqual(await accessibilityViolations(page), [])
  } finally {
    await context.close()
    await other.close()
  }
})

test('both pages are valid HTML', async () => {
  const validator = new HtmlValidate({
    extends: ['html-validate:recommended'],
    rules: {
      // Titles are the author's.
      'long-title': 'off',
      // A phone number it is not: claims hold dates and figures.
      'tel-non-breaking': 'off',
    },
  })
  for (const name of ['index.html', 'verify.html']) {
    const report = await validator.validateString(await readFile(join(bundle, name), 'utf8'), name)
    const messages = report.results.flatMap(({ messages }) =>
      messages.map(({ ruleId, message, line }) => `${name}:${line} ${ruleId} ${message}`),
    )
    assert.deepEqual(messages, [])
  }
})

test('with scripts off every part is there to be read and played', async () => {
  await withPage(
    async (page) => {
      for (const name of ['What the footage shows', 'What is disputed', 'What is not known']) {
        assert.ok(await page.getByRole('heading', { name }).isVisible(), name)
      }
      const table = page.getByRole('table', { name: 'Claims' })
      assert.equal(await table.getByRole('rowheader').count(), 3)
      const videos = page.locator('video')
      assert.equal(await videos.count(), 4)
      for (const video of await videos.all()) {
        assert.notEqual(await video.getAttribute('controls'), null)
        assert.notEqual(await video.getAttribute('poster'), null)
      }
      assert.equal(await page.getByRole('button').count(), 0)
      await page.getByText('Show or hide this footage').click()
      assert.ok(await page.locator('#second-main').isVisible())
      await page.getByText('Show or hide this footage').click()
      assert.ok(await page.locator('#second-main').isHidden())
    },
    { javaScriptEnabled: false },
  )
})

test('a link to a moment brings its exhibit to that time', async () => {
  await withPage(async (page) => {
    await ready(page, 'together-main')
    await page.getByRole('link', { name: 'Somebody shouts' }).click()
    await seeked(page, 'together-main')
    assert.ok(Math.abs((await timeOf(page, 'together-main')) - 1.7) < 0.002)
    assert.match(page.url(), /\?t=-2\.300#together$/)
    assert.equal(await page.evaluate<string>('document.activeElement.id'), 'together-main')
  })
})

test('an address with a time opens there, both speeds at the same moment', async () => {
  await withPage(
    async (page) => {
      await seeked(page, 'wheel-slow')
      assert.ok(Math.abs((await timeOf(page, 'wheel-slow')) - 2.4) < 0.002)
      assert.ok(Math.abs((await timeOf(page, 'wheel-real-speed')) - 0.6) < 0.002)
    },
    {},
    '/index.html?t=0.1#wheel',
  )
})

test('a link to guarded footage stops at its warning and loads nothing', async () => {
  await withPage(async (page, log) => {
    await page.locator('#second').getByRole('link', { name: '+1.40' }).click()
    assert.ok(await page.locator('#second .warning').isVisible())
    assert.ok(await page.locator('#second-main').isHidden())
    assert.deepEqual(
      log.addresses.filter((address) => address.endsWith('second.mp4')),
      [],
    )
  })
})

test('comma and full stop go exactly one frame back and forth', async () => {
  await withPage(async (page) => {
    await ready(page, 'wheel-slow')
    const video = page.locator('#wheel-slow')
    await video.focus()
    // 512 ticks of 15360 at a quarter of the speed: a frame stays 0.1333 s.
    const middle = (frame: number) => ((frame + 0.5) * 512 * 4) / 15_360
    for (const frame of [1, 2, 3]) {
      await page.keyboard.press('.')
      await seeked(page, 'wheel-slow')
      assert.ok(Math.abs((await timeOf(page, 'wheel-slow')) - middle(frame)) < 0.001)
    }
    await page.keyboard.press(',')
    await seeked(page, 'wheel-slow')
    assert.ok(Math.abs((await timeOf(page, 'wheel-slow')) - middle(2)) < 0.001)
  })
})

test('both speeds start together and stop together, and nothing plays before', async () => {
  await withPage(async (page) => {
    await ready(page, 'wheel-slow')
    const paused = () =>
      page.evaluate<boolean[]>(
        `[...document.querySelectorAll('video')].map(({ paused }) => paused)`,
      )
    assert.deepEqual(await paused(), [true, true, true, true])
    await page.getByRole('button', { name: 'Play both from the start' }).click()
    await page.getByRole('button', { name: 'Pause both' }).click()
    assert.deepEqual(await paused(), [true, true, true, true])
  })
})

test('captions load and hold what is said', async () => {
  await withPage(async (page) => {
    await ready(page, 'together-main')
    const track = `${videoOf('together-main')}.textTracks[0]`
    await page.evaluate(`${track}.mode = 'showing'`)
    await until(page, `${track}.cues?.length > 0`)
    const cues = await page.evaluate<string[]>(`[...${track}.cues].map(({ text }) => text)`)
    assert.deepEqual(cues, [
      '“Anna”, a baker, Bakery window: Stop the cart!',
      '[First bang]',
      '[Second bang]',
      'A cyclist on the footbridge, Footbridge: That was two. That was two!',
    ])
  })
})

test('on paper a video is its poster with address and hash, and what was folded is open', async () => {
  await withPage(async (page) => {
    await page.emulateMedia({ media: 'print' })
    for (const video of await page.locator('video').all()) assert.ok(await video.isHidden())
    const printed = page.locator('.printed')
    assert.equal(await printed.count(), 4)
    for (const each of await printed.all()) {
      assert.ok(await each.isVisible())
      assert.match((await each.textContent()) ?? '', /media\/[a-z-]+\.mp4, SHA-256 [0-9a-f]{64}/)
    }
    const poster = page.locator('#second .printed img')
    assert.equal(await poster.getAttribute('src'), 'media/second-poster.png')
    const pdf = await page.pdf({ format: 'A4' })
    assert.equal(pdf.subarray(0, 5).toString(), '%PDF-')
  })
})

test('opened from a disk the page is styled, its scripts run and links to moments work', async () => {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  try {
    context.setDefaultTimeout(20_000)
    const page = await context.newPage()
    await page.goto(pathToFileURL(join(bundle, 'index.html')).href)
    assert.ok(await page.getByRole('button', { name: 'Play both from the start' }).isVisible())
    const faces = await page.evaluate<string[]>(
      `document.fonts.ready.then((all) => [...all].filter((face) => face.status === 'loaded').map((face) => face.family))`,
    )
    assert.ok(faces.some((family) => family.includes('Source Serif 4')))
    await ready(page, 'together-main')
    await page.getByRole('link', { name: 'Somebody shouts' }).click()
    await seeked(page, 'together-main')
    assert.ok(Math.abs((await timeOf(page, 'together-main')) - 1.7) < 0.002)
  } finally {
    await context.close()
  }
})

/**
 * A first start on an empty library: the example is loaded and served, looked at
 * in Chromium as a reader would, and there again at the second start.
 */
import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { accessibilityViolations } from '../support/accessibility.ts'
import { onServer } from '../support/postgres.ts'
import { launchChromium, logRequests } from '../support/browser.ts'
import {
  libraryEnvironment,
  repository,
  scratchFolder,
  sightline,
} from '../support/command-line.ts'

const library = join(scratchFolder('first-start'), 'library')
let desk: Desk
let browser: Browser | undefined

interface Desk {
  readonly address: string
  readonly said: string
  readonly process: ChildProcess
}

/** Starts the desk and waits until it says where it is. */
async function startDesk(): Promise<Desk> {
  const main = join(repository, 'src', 'cli', 'main.ts')
  const child = spawn(process.execPath, [main, 'serve', '--port', '0', '--library', library], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, ...(await libraryEnvironment(library)) },
  })
  process.once('exit', () => child.kill('SIGKILL'))
  let said = ''
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const found = /^desk +(http:\S+)$/m.exec(said)?.[1]
      if (found !== undefined) resolve(found)
    })
    child.once('exit', () => reject(new Error(`the desk ended before it served: ${said}`)))
  })
  return { address, said, process: child }
}

async function stopDesk({ process: child }: Desk): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode
  const ended = once(child, 'exit')
  child.kill('SIGINT')
  const [code] = (await ended) as [number | null]
  return code
}

before(async () => {
  desk = await startDesk()
  browser = await launchChromium()
})
after(async () => {
  await browser?.close()
  if (desk !== undefined) await stopDesk(desk)
})

async function withPage(
  options: BrowserContextOptions,
  path: string,
  look: (page: Page, context: BrowserContext) => Promise<void>,
): Promise<void> {
  assert.ok(browser)
  const context = await browser.newContext(options)
  try {
    const { origin } = new URL(desk.address)
    const requests = await logRequests(context, origin)
    const page = await context.newPage()
    const errors: string[] = []
    page.on('console', (message) => {
      if (message.type() === 'error') errors.push(message.text())
    })
    page.on('pageerror', (error) => errors.push(error.message))
    await page.goto(new URL(path, desk.address).href, { waitUntil: 'load' })
    await look(page, context)
    assert.deepEqual(requests.foreign, [])
    assert.deepEqual(errors, [])
  } finally {
    await context.close()
  }
}

test('the start says where the library is, what it loaded and where the desk is', () => {
  assert.match(desk.said, /^library +\//m)
  assert.match(desk.said, /example +harbour-street: story published/)
})

for (const [width, height] of [
  [1440, 900],
  [390, 844],
] as const) {
  test(`the desk lists the incident and opens its story at ${width} px`, async () => {
    await withPage({ viewport: { width, height } }, '/', async (page) => {
      assert.deepEqual(await accessibilityViolations(page), [])
      await page.getByRole('link', { name: 'Harbour Street, 7 June 2026' }).click()
      await page.waitForLoadState('load')
      assert.equal(await page.title(), 'Seven sounds in five seconds')
    })
  })

  for (const javaScriptEnabled of [true, false]) {
    const scripts = javaScriptEnabled ? 'on' : 'off'
    test(`the story at ${width} px with scripts ${scripts} is complete, fits and has no axe violation`, async () => {
      await withPage(
        { viewport: { width, height }, javaScriptEnabled },
        '/stories/harbour-street/',
        async (page) => {
          const body = await page.locator('body').innerText()
          for (const words of [
            'What the footage shows',
            'Officers returned fire after shots were fired from the vehicle.',
            'The first shot came from the officer in front of the car.',
            'Three children were sitting in the back of the car',
            'How many shots were fired in all',
            'Not on this clock: Nightfall',
          ]) {
            assert.ok(body.includes(words), `"${words}" is missing`)
          }
          assert.equal(await page.locator('video').count(), 3)
          if (javaScriptEnabled) {
            assert.deepEqual(await accessibilityViolations(page), [])
            const wider = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
            assert.equal(wider, false, 'the page scrolls sideways')
          }
        },
      )
    })
  }
}

test('the composite plays, seeks by range requests and carries its captions', async () => {
  await withPage({}, '/stories/harbour-street/', async (page) => {
    const state = await page.evaluate(`(async () => {
      const video = document.querySelector('video')
      video.muted = true
      video.currentTime = 7
      await new Promise((resolve) => video.addEventListener('seeked', resolve, { once: true }))
      await video.play()
      await new Promise((resolve) => setTimeout(resolve, 300))
      video.pause()
      return { at: video.currentTime, width: video.videoWidth, tracks: video.textTracks.length }
    })()`)
    const { at, width, tracks } = state as { at: number; width: number; tracks: number }
    assert.ok(at > 7 && at < 12, `it stands at ${at}`)
    assert.equal(width, 1280)
    assert.equal(tracks, 1)
  })
})

test('the story prints to PDF with every claim and question', async () => {
  await withPage({}, '/stories/harbour-street/', async (page) => {
    const pdf = await page.pdf({ format: 'A4' })
    assert.ok(pdf.length > 100_000)
    assert.equal(pdf.subarray(0, 5).toString('latin1'), '%PDF-')
  })
})

test('the verifier in the page finds the served bundle consistent', async () => {
  await withPage({}, '/stories/harbour-street/verify.html', async (page) => {
    await page.getByRole('button', { name: 'Check the files on this site' }).click()
    await page.getByText('No findings: the bundle is consistent').waitFor({ timeout: 30_000 })
    assert.deepEqual(await accessibilityViolations(page), [])
  })
})

test('an address without a page is a 404 that says so, and another host name gets nothing', async () => {
  const missing = await fetch(new URL('/stories/nowhere/', desk.address))
  assert.equal(missing.status, 404)
  assert.match(await missing.text(), /Nothing here/)
  const { port } = new URL(desk.address)
  const rebound = await new Promise<number>((resolve, reject) => {
    void import('node:http').then(({ get }) =>
      get({ host: '127.0.0.1', port, headers: { host: `rebound.example:${port}` } }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      }).once('error', reject),
    )
  })
  assert.equal(rebound, 421)
})

test('a second command goes through the desk that is open, and a second desk is told who holds the library', async () => {
  const checked = await sightline(['fsck', '--library', library])
  assert.equal(checked.code, 0, checked.stderr)
  if (onServer) return
  const { code, stderr } = await sightline(['serve', '--port', '0', '--library', library])
  assert.equal(code, 1)
  assert.match(stderr, /sightline serve/)
  assert.match(stderr, /\[library-in-use\]/)
})

test('after a stop the second start serves the same story without loading it again', async () => {
  assert.equal(await stopDesk(desk), 0)
  const started = performance.now()
  desk = await startDesk()
  console.log(`second start: ${((performance.now() - started) / 1000).toFixed(1)} s`)
  assert.match(desk.said, /^holds +1 incident$/m)
  const story = await fetch(new URL('/stories/harbour-street/', desk.address))
  assert.equal(story.status, 200)
})

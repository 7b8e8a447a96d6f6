import assert from 'node:assert/strict'
import { createHash, randomBytes } from 'node:crypto'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import {
  agent,
  emptyLibraryFolder,
  openTestLibrary,
  temporaryFolder,
} from '../../src/store/fixture.ts'
import { checkLibrary } from '../../src/store/fsck.ts'
import { readIncidentItems } from '../../src/store/incident-items.ts'
import { openIncident } from '../../src/store/incidents.ts'
import type { Library } from '../../src/store/library.ts'
import { openContributorLink } from '../../src/store/contributor-links.ts'
import { readTips } from '../../src/store/tips.ts'
import { accessibilityViolations } from '../support/accessibility.ts'
import { launchChromium, logRequests } from '../support/browser.ts'
import { servedDesk, type ServedDesk } from '../support/served-desk.ts'

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
let library: Library
let server: ServedDesk
let browser: Browser
let origin: string
let folder: string

function sound(bytes: number): Buffer {
  const made = randomBytes(bytes)
  made.write('RIFF', 0)
  made.write('WAVEfmt ', 8)
  return made
}

before(async () => {
  folder = await temporaryFolder()
  library = await openTestLibrary(await emptyLibraryFolder())
  await library.transact(agent, (tx) => openIncident(tx, { id: 'quay', title: 'On the quay' }))
  server = await servedDesk(library)
  origin = server.origin
  browser = await launchChromium()
})
after(async () => {
  await browser.close()
  await server.close()
  await library.close()
})

const phone = { width: 360, height: 740 }

async function open(path: string, options: Parameters<Browser['newContext']>[0] = {}) {
  const context = await browser.newContext({ viewport: phone, ...options })
  const log = await logRequests(context, origin)
  const page = await context.newPage()
  const errors: string[] = []
  page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
  page.on('pageerror', ({ message }) => errors.push(message))
  await page.goto(`${origin}${path}`)
  return { context, page, log, errors }
}

const fitsPhone = async (page: Page): Promise<void> => {
  const width = await page.evaluate<number>('document.documentElement.scrollWidth')
  assert.ok(width <= phone.width, `${width} px wide`)
}

async function newLink(): Promise<string> {
  const { token } = await library.transact(agent, (tx) =>
    openContributorLink(tx, {
      incident: 'quay',
      note: 'Footage of the evening',
      mostBytes: 2 ** 30,
      mostFiles: 20,
      // Later than the clock of the library in tests.
      expiresAt: '2040-01-01T00:00:00.000Z',
    }),
  )
  return `/contribute/${token}`
}

const items = async () =>
  (await library.read((reader) => readIncidentItems(reader, 'quay', { limit: 100 }))).items

test('several files and a folder, from the team’s page: kept under the hashes they had here', async () => {
  const { context, page, log, errors } = await open('/incidents/quay/upload')
  assert.deepEqual(await accessibilityViolations(page), [])
  await fitsPhone(page)
  const films = [sound(300_000), sound(40_000), sound(50_000)]
  const inner = join(folder, 'evening', 'phone')
  await mkdir(inner, { recursive: true })
  await writeFile(join(inner, 'c.wav'), films[2]!)
  await page.setInputFiles('#choose', [
    { name: 'a.wav', mimeType: 'audio/wav', buffer: films[0]! },
    { name: 'b.wav', mimeType: 'audio/wav', buffer: films[1]! },
    { name: 'zip.mp4', mimeType: 'video/mp4', buffer: Buffer.from('PK\x03\x04 and so on') },
  ])
  await page.setInputFiles('#choose-folder', join(folder, 'evening'))
  await page.getByText('3 of 4 files have arrived, 1 not taken.').waitFor()
  const kept = await items()
  for (const film of films) assert.ok(kept.some((item) => item.sha256 === sha256(film)))
  const text = await page.locator('#list').innerText()
  assert.match(text, new RegExp(sha256(films[0]!)))
  assert.match(text, /Not taken\. .*archive/)
  assert.match(text, /evening\/phone\/c\.wav/)
  assert.deepEqual(await accessibilityViolations(page), [])
  await fitsPhone(page)
  assert.deepEqual(log.foreign, [])
  assert.deepEqual(
    errors.filter((error) => !error.includes('415')),
    [],
  )
  assert.equal(await page.evaluate('localStorage.length'), 0, 'what has arrived is not remembered')
  await context.close()
})

test('a file that was sent half goes on from there after the page was closed', async () => {
  const film = sound(8_000_000)
  const first = await open('/incidents/quay/upload')
  const file = { name: 'long.wav', mimeType: 'audio/wav', buffer: film }
  await writeFile(join(folder, 'long.wav'), film)
  const session = await first.context.newCDPSession(first.page)
  const slow = { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: 2_000_000 }
  await session.send('Network.enable')
  await session.send('Network.emulateNetworkConditions', slow)
  await first.page.setInputFiles('#choose', join(folder, file.name))
  await first.page.getByText(/Sending: [2-9]\d %/).waitFor()
  await first.page.getByRole('button', { name: 'Pause: long.wav' }).click()
  await first.page.getByText('Paused').waitFor()
  first.page.on('dialog', (dialog) => void dialog.accept())
  await first.page.reload()
  await first.page.getByText('Not finished: long.wav').waitFor()
  const signedOut = {
    status: 401,
    contentType: 'application/problem+json',
    body: '{"detail":"Sign in first."}',
  }
  await first.page.route('**/uploads/*', (route) =>
    route.request().method() === 'PATCH' ? route.fulfill(signedOut) : route.continue(),
  )
  await first.page.setInputFiles('#choose', join(folder, file.name))
  await first.page.getByText('You are signed out.').waitFor()
  await first.page.getByText('Not finished: long.wav').waitFor()
  await first.page.unrouteAll()
  await first.page.reload()
  await first.page.getByText('Not finished: long.wav').waitFor()
  const offsets: string[] = []
  first.page.on('request', async (request) => {
    if (request.method() === 'PATCH')
      offsets.push((await request.allHeaders())['upload-offset'] ?? '')
  })
  await session.send('Network.emulateNetworkConditions', { ...slow, uploadThroughput: -1 })
  await first.page.setInputFiles('#choose', join(folder, file.name))
  await first.page.getByText('1 of 1 files have arrived.').waitFor()
  assert.ok(
    offsets.every((offset) => Number(offset) > 0),
    `from ${offsets.join()}`,
  )
  assert.ok((await items()).some((item) => item.sha256 === sha256(film)))
  assert.equal(await first.page.getByText('Not finished').isVisible(), false)
  await first.context.close()
})

test('a contributor without an account, with scripts', async () => {
  const { context, page, log, errors } = await open(await newLink())
  assert.deepEqual(await accessibilityViolations(page), [])
  await fitsPhone(page)
  await page.getByLabel('What you saw or know').fill('I stood at the rail.')
  const film = sound(500_000)
  await page.setInputFiles('#choose', [{ name: 'mine.wav', mimeType: 'audio/wav', buffer: film }])
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByText('1 of 1 files have arrived. You can close this page.').waitFor()
  assert.deepEqual(await accessibilityViolations(page), [])
  await fitsPhone(page)
  const code = await page.locator('#receipt').innerText()
  assert.match(code, /^(?:[A-Z]{4}-){5}[A-Z]{4}$/)
  assert.equal(await page.evaluate('localStorage.length + sessionStorage.length'), 0)
  assert.deepEqual(await context.cookies(), [])
  assert.deepEqual([log.foreign, errors], [[], []])
  await page.goto(`${origin}/contribute/receipt`)
  assert.deepEqual(await accessibilityViolations(page), [])
  await page.getByLabel('Receipt code').fill(code)
  await page.keyboard.press('Enter')
  await page.getByText('It waits until').waitFor()
  assert.deepEqual(await accessibilityViolations(page), [])
  await fitsPhone(page)
  assert.match(await page.locator('main').innerText(), new RegExp(sha256(film)))
  await page.getByRole('button', { name: 'Withdraw all of it' }).click()
  await page.getByText('It was withdrawn').waitFor()
  await context.close()
})

test('the same with scripts off', async () => {
  const { context, page } = await open(await newLink(), { javaScriptEnabled: false })
  await page.getByLabel('What you saw or know').fill('Nobody ran.')
  const film = sound(3_000_000)
  await page.setInputFiles('#choose', [
    { name: 'a"b.wav', mimeType: 'audio/wav', buffer: film },
    { name: 'zip.mp4', mimeType: 'video/mp4', buffer: Buffer.from('PK\x03\x04 and so on') },
  ])
  await page.getByRole('button', { name: 'Send' }).click()
  await page.getByRole('heading', { name: '1 file has arrived' }).waitFor()
  const code = await page.locator('#receipt').innerText()
  await page.getByRole('link', { name: 'the page for receipt codes' }).click()
  await page.getByLabel('Receipt code').fill(code.toLowerCase())
  await page.getByRole('button', { name: 'Show' }).click()
  const text = await page.locator('main').innerText()
  assert.match(text, new RegExp(sha256(film)))
  assert.match(text, /Nobody ran\./)
  const waiting = await library.read((reader) =>
    readTips(reader, { among: 'all', state: 'waiting' }),
  )
  assert.deepEqual(
    waiting.map(({ files }) => files.map(({ name }) => name)),
    [['a"b.wav']],
  )
  await context.close()
  const { findings } = await checkLibrary(library)
  assert.deepEqual(findings, [])
})

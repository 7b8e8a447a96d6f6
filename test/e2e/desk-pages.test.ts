/** From a contributor link to the incident, by the pages alone: an editor at a desk, a contributor at a phone. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { openJobQueue, type JobQueue } from '../../src/queue/job-queue.ts'
import { startWorker, type Worker } from '../../src/queue/worker.ts'
import { addComments } from '../../src/store/comments.ts'
import { agent, emptyLibraryFolder, openTestLibrary } from '../../src/store/fixture.ts'
import { checkLibrary } from '../../src/store/fsck.ts'
import { openIncident } from '../../src/store/incidents.ts'
import type { Library } from '../../src/store/library.ts'
import { accessibilityViolations } from '../support/accessibility.ts'
import { launchChromium } from '../support/browser.ts'
import { clockedEffects, invitationTo, passPhrase } from '../support/desk-people.ts'
import { servedDesk, type ServedDesk } from '../support/served-desk.ts'

const desktop = { width: 1280, height: 800 }
const phone = { width: 390, height: 844 }
/** Read by software that heeds it, it ends in ".txt". */
const deceitful = 'report-\u202Etxt.exe.txt'

let library: Library
let queue: JobQueue
let worker: Worker
let server: ServedDesk
let browser: Browser
let desk: string

before(async () => {
  library = await openTestLibrary(await emptyLibraryFolder(), {
    effects: clockedEffects(Date.now),
  })
  queue = await openJobQueue(library, { tends: true })
  worker = await startWorker(queue)
  await library.transact(agent, async (tx) => {
    await openIncident(tx, { id: 'quay', title: 'On the quay' })
    const about = { kind: 'story' } as const
    await addComments(tx, [
      { id: 'c'.repeat(32), incident: 'quay', about, text: 'Who stood there?' },
    ])
  })
  server = await servedDesk(library, { queue })
  desk = server.origin
  browser = await launchChromium()
})
after(async () => {
  await browser.close()
  await server.close()
  await worker.stop(0)
  await queue.close()
  await library.close()
})

async function opened(viewport: typeof phone): Promise<Page> {
  const context = await browser.newContext({ viewport })
  const page = await context.newPage()
  page.on('pageerror', (error) => assert.fail(error))
  return page
}

/** Signed in. */
async function editor(): Promise<Page> {
  // Without an owner nobody would need to sign in.
  for (const role of ['owner', 'editor'] as const) {
    const page = await opened(desktop)
    const code = await invitationTo(library, role)
    const who = { name: role, email: `${role}@newsroom.example`, password: passPhrase }
    const answer = await page.request.post(`${desk}/api/invitations/accept`, {
      data: { code, ...who },
    })
    assert.equal(answer.status(), 200)
    if (role === 'editor') return page
  }
  throw new TypeError('nobody was let in')
}

/** For everybody: at a desk and at a phone, whatever they use to read it, and without scripts. */
async function isInOrder(page: Page): Promise<void> {
  assert.equal(await page.locator('script').count(), 0)
  assert.deepEqual(await accessibilityViolations(page), [], page.url())
  await page.setViewportSize(phone)
  const width = await page.evaluate<number>('document.documentElement.scrollWidth')
  assert.ok(width <= phone.width, `${page.url()} is ${width} px wide`)
  await page.setViewportSize(desktop)
}

/** Moves on by the key alone until the link or button of that name has the focus, and presses it. */
async function pressByKeyboard(page: Page, name: string): Promise<void> {
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab')
    const [text, outline] = await page.evaluate<[string, string]>(
      '[document.activeElement.textContent, getComputedStyle(document.activeElement).outlineStyle]',
    )
    assert.notEqual(outline, 'none', `the focus on "${text}" is seen`)
    if (text === name) {
      await page.keyboard.press('Enter')
      return
    }
  }
  assert.fail(`the keyboard does not reach "${name}"`)
}

test('a link is opened, a contributor sends, the tip is accepted, found, and its job seen', async () => {
  const page = await editor()
  await page.goto(desk)
  await isInOrder(page)
  assert.equal(await page.getByRole('link', { name: 'People' }).count(), 0, 'owners alone')
  await pressByKeyboard(page, 'Tips')
  await page.getByText('Nothing waits.').waitFor()
  await isInOrder(page)
  await pressByKeyboard(page, 'Open a contributor link')
  await page.getByLabel('Note to contributors').fill('Footage of the evening')
  await isInOrder(page)
  await page.getByRole('button', { name: 'Open the link' }).click()
  await page.getByRole('img', { name: /QR code/ }).waitFor()
  await isInOrder(page)
  const address = await page.locator('.address').innerText()

  const sender = await opened(phone)
  await sender.goto(address)
  await sender.getByLabel('What you saw or know').fill('I stood at the rail.')
  const reach = `the kiosk at the quay, https://chat.example/${'a'.repeat(80)}`
  await sender.getByLabel('How to reach you').fill(reach)
  const leaflet = Buffer.from('The crane stood still before the bell rang.\n')
  const file = { name: deceitful, mimeType: 'text/plain', buffer: leaflet }
  await sender.setInputFiles('#choose', [file])
  await sender.getByRole('button', { name: 'Send' }).click()
  await sender.getByText('1 of 1 files have arrived').waitFor()

  await page.getByRole('link', { name: 'To the tips of this incident' }).click()
  await page.getByRole('link', { name: /^Tip of/ }).click()
  await page.getByText('report-⟨U+202E⟩txt.exe.txt').waitFor()
  await page.getByText('the kiosk at the quay').waitFor()
  await isInOrder(page)
  await page.getByRole('button', { name: 'Look into the files' }).click()
  await page.getByText('Looked into: nothing odd').waitFor()
  await isInOrder(page)
  await page.getByRole('link', { name: 'Accept …' }).click()
  await isInOrder(page)
  await pressByKeyboard(page, 'Accept')
  await page.getByText(/^Accepted 2/).waitFor()

  await page.getByRole('link', { name: 'Jobs' }).click()
  for (const end = performance.now() + 30_000; ;) {
    if (await page.locator('li', { hasText: 'Done' }).isVisible()) break
    assert.ok(performance.now() < end, await page.locator('main').innerText())
    await page.getByRole('link', { name: 'Refresh' }).click()
  }
  await page.getByText('Examine an item: quay').waitFor()
  await isInOrder(page)

  await page.getByRole('searchbox').fill('crane bell')
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { name: 'Found' }).waitFor()
  assert.deepEqual(await page.locator('mark').allInnerTexts(), ['crane', 'bell'])
  await isInOrder(page)
  const shared = page.url()
  await page.getByLabel('Words').fill('nowhere')
  await page.getByRole('button', { name: 'Search' }).last().click()
  await page.getByText('Nothing of what you may read').waitFor()
  await isInOrder(page)
  await page.goto(shared)
  await page.locator('mark').first().waitFor()

  await page.goto(`${desk}/incidents/quay/tips`)
  await page.getByRole('link', { name: /^Close link-/ }).click()
  await page.getByRole('button', { name: 'Close the link' }).click()
  await page.getByText(/^Closed 2/).waitFor()
  await isInOrder(page)
  await sender.goto(address)
  await sender.getByText('This link has ended').waitFor()
})

test('a comment is rejected with a reason, and otherwise decided on later', async () => {
  const page = await opened(desktop)
  const sent = { email: 'editor@newsroom.example', password: passPhrase }
  const signedIn = await page.request.post(`${desk}/api/auth/sign-in/email`, { data: sent })
  assert.equal(signedIn.status(), 200)
  await page.goto(`${desk}/incidents/quay/comments`)
  await page.getByText('Who stood there?').waitFor()
  await isInOrder(page)
  await page.getByLabel('Reason').fill('Asks for a name')
  await pressByKeyboard(page, 'Reject')
  await page.getByText('The comment is rejected.').waitFor()
  await isInOrder(page)
  await page.getByRole('link', { name: 'Rejected' }).click()
  await page.getByRole('link', { name: /^Comment of/ }).click()
  await page.getByText('Asks for a name').waitFor()
  await isInOrder(page)
  assert.deepEqual((await checkLibrary(library)).findings, [])
})

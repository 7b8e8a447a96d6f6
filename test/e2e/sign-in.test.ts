/** Signing in as people do, in Chromium: the owner's link, a passkey, a password, an invitation. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { emptyLibraryFolder, openTestLibrary } from '../../src/store/fixture.ts'
import type { Library } from '../../src/store/library.ts'
import { accessibilityViolations } from '../support/accessibility.ts'
import { launchChromium } from '../support/browser.ts'
import { clockedEffects, invitationTo, passPhrase } from '../support/desk-people.ts'
import { servedDesk, type ServedDesk } from '../support/served-desk.ts'

const password = passPhrase
let library: Library
let server: ServedDesk
let browser: Browser
let desk: string
let ownerLink: string

before(async () => {
  const effects = clockedEffects(Date.now)
  library = await openTestLibrary(await emptyLibraryFolder(), { effects })
  server = await servedDesk(library)
  desk = server.origin
  const code = await invitationTo(library, 'owner')
  ownerLink = `${desk}/welcome#${code}`
  browser = await launchChromium()
})
after(async () => {
  await browser.close()
  await server.close()
  await library.close()
})

async function opened(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage()
  page.on('pageerror', (error) => assert.fail(error))
  await page.goto(address)
  return page
}

const isLet = async (page: Page): Promise<boolean> =>
  (await page.request.get(`${desk}/api/incidents`)).status() === 200

test('the first owner comes in by the link, adds a passkey, and signs in with it', async () => {
  const context = await browser.newContext()
  const page = await opened(context, ownerLink)
  assert.deepEqual(await accessibilityViolations(page), [])
  await page.getByLabel('Your name').fill('Ada Quill <script>')
  await page.getByLabel('E-mail').fill('ada@newsroom.example')
  await page.getByLabel('New password').fill('too short')
  await page.keyboard.press('Enter')
  assert.match(page.url(), /welcome/, 'the form asks for a longer one')
  await page.getByLabel('New password').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${desk}/account`)
  await page.getByText('Ada Quill <script>, ada@newsroom.example').waitFor()
  for (const [network, shown] of [
    ['0000:0000:0000:0000', 'this machine'],
    ['2001:0db8:0000:0001', '2001:0db8:0000:0001::/64'],
  ] as const) {
    await page.route('**/list-sessions', async (route) => {
      const answer = await route.fetch()
      const [session] = (await answer.json()) as [object]
      await route.fulfill({
        response: answer,
        json: [{ ...session, ipAddress: `${network}:0000:0000:0000:0000` }],
      })
    })
    await page.reload()
    await page.getByText(` from ${shown}. Mozilla`).waitFor()
    await page.unrouteAll()
  }
  assert.deepEqual(await accessibilityViolations(page), [])

  const devices = await context.newCDPSession(page)
  await devices.send('WebAuthn.enable')
  await devices.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  })
  await page.getByLabel('Name of the device').fill('laptop')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('laptop, made').waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(`${desk}/sign-in`)
  assert.equal(await isLet(page), false)
  assert.deepEqual(await accessibilityViolations(page), [])
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.waitForURL(`${desk}/`)
  assert.equal(await isLet(page), true)
  await context.close()
})

test('a password stays out of the address where the page’s script did not come', async () => {
  const context = await browser.newContext({ javaScriptEnabled: false })
  const page = await context.newPage()
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  for (const path of ['/sign-in', `/welcome#${'0'.repeat(64)}`, '/account']) {
    await page.goto(`${desk}${path}`)
    const number = await page.locator('form:visible:has(input[type=password])').count()
    assert.ok(number > 0, path)
    for (let one = 0; one < number; one += 1) {
      await page.goto(`${desk}${path}`)
      const form = page.locator('form:visible:has(input[type=password])').nth(one)
      for (const input of await form.locator('input').all()) {
        const type = await input.getAttribute('type')
        await input.fill(type === 'email' ? 'ada@newsroom.example' : password)
      }
      await form.getByRole('button').click()
      await page.waitForLoadState()
    }
  }
  assert.deepEqual(
    asked.filter((address) => new URL(address).search !== ''),
    [],
  )
  await context.close()
})

/** As a page would that does not ask the device to check who holds it. */
const carelessly = (page: Page, ceremony: 'create' | 'get', credentialId = '') =>
  page.evaluate<{ status: number; code?: string; detail?: string }>(`(async () => {
    const [options, verify] = ${ceremony === 'create'}
      ? ['generate-register-options', 'verify-registration']
      : ['generate-authenticate-options', 'verify-authentication']
    const asked = await (await fetch('/api/auth/passkey/' + options)).json()
    const careless = { ...asked, userVerification: 'discouraged',
      allowCredentials: [{ type: 'public-key', id: '${Buffer.from(credentialId, 'base64').toString('base64url')}' }],
      authenticatorSelection: { residentKey: 'discouraged', userVerification: 'discouraged' } }
    const given = ${ceremony === 'create'}
      ? await navigator.credentials.create({
          publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(careless) })
      : await navigator.credentials.get({
          publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(careless) })
    const answer = await fetch('/api/auth/passkey/' + verify, { method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ response: given.toJSON(), name: 'key' }) })
    return { status: answer.status, ...(await answer.json()) }
  })()`)

test('a passkey whose device does not check who holds it is neither kept nor let in', async () => {
  const context = await browser.newContext()
  const page = await opened(context, `${desk}/welcome#${await invitationTo(library, 'viewer')}`)
  await page.getByLabel('Your name').fill('Di Rush')
  await page.getByLabel('E-mail').fill('di@newsroom.example')
  await page.getByLabel('New password').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${desk}/account`)
  const devices = await context.newCDPSession(page)
  await devices.send('WebAuthn.enable')
  const plugIn = async (hasUserVerification: boolean): Promise<string> => {
    const { authenticatorId } = await devices.send('WebAuthn.addVirtualAuthenticator', {
      options: {
        protocol: 'ctap2',
        transport: 'usb',
        hasResidentKey: true,
        hasUserVerification,
        isUserVerified: hasUserVerification,
        automaticPresenceSimulation: true,
      },
    })
    return authenticatorId
  }
  const withoutPin = await plugIn(false)
  const made = await carelessly(page, 'create')
  assert.deepEqual([made.status, made.code], [403, 'user-not-verified'])
  assert.match(made.detail ?? '', /Set one up on the device/)
  await page.reload()
  await page.getByText('di@newsroom.example').waitFor()
  assert.equal(await page.locator('#passkeys li').count(), 0)
  await devices.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: withoutPin })

  const withPin = await plugIn(true)
  await page.getByLabel('Name of the device').fill('key')
  await page.getByRole('button', { name: 'Add a passkey' }).click()
  await page.getByText('key, made').waitFor()
  await page.getByRole('button', { name: 'Sign out' }).click()
  await page.waitForURL(`${desk}/sign-in`)

  const { credentials } = await devices.send('WebAuthn.getCredentials', {
    authenticatorId: withPin,
  })
  const [credential] = credentials
  assert.ok(credential !== undefined)
  await devices.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: withPin })
  const copied = await plugIn(false)
  await devices.send('WebAuthn.addCredential', { authenticatorId: copied, credential })
  const given = await carelessly(page, 'get', credential.credentialId)
  assert.deepEqual([given.status, given.code], [403, 'user-not-verified'])
  assert.equal(await isLet(page), false)
  await devices.send('WebAuthn.removeVirtualAuthenticator', { authenticatorId: copied })

  const again = await plugIn(true)
  await devices.send('WebAuthn.addCredential', { authenticatorId: again, credential })
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click()
  await page.waitForURL(`${desk}/`)
  assert.equal(await isLet(page), true)
  await context.close()
})

test('a page asks who is there, and goes on to where one wanted to go; a wrong password says so', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  const page = await opened(context, `${desk}/people`)
  assert.equal(page.url(), `${desk}/sign-in?next=%2Fpeople`)
  await page.getByLabel('E-mail').fill('ada@newsroom.example')
  await page.getByLabel('Password').fill('not the pass phrase')
  await page.keyboard.press('Enter')
  await page.getByText('Invalid email or password').waitFor()
  await page.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${desk}/people`)
  await page.getByText('ada@newsroom.example').waitFor()
  assert.deepEqual(await accessibilityViolations(page), [])
  const width = await page.evaluate<number>('document.documentElement.scrollWidth')
  assert.ok(width <= 390, `${width} px wide`)

  const focused = () =>
    page.evaluate<string>('document.activeElement.id || document.activeElement.textContent')
  const make = page.getByRole('button', { name: 'Make a link' })
  await page.locator('#invite input[name=incident]').fill('none')
  await make.focus()
  await page.keyboard.press('Enter')
  await page.getByText('There is no incident "none"').waitFor()
  assert.equal(await focused(), 'Make a link')
  await page.locator('#invite input[name=incident]').fill('')
  await make.click()
  await page.getByRole('button', { name: 'Withdraw' }).focus()
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'Withdraw' }).waitFor({ state: 'detached' })
  assert.equal(await focused(), 'main', 'as the button is gone')
  await page.reload()

  await page.locator('#invite select').selectOption('editor')
  await make.click()
  const link = await page.locator('#link code').textContent()
  const other = await browser.newContext()
  const guest = await opened(other, link ?? '')
  await guest.getByLabel('Your name').fill('Bo Reed')
  await guest.getByLabel('E-mail').fill('bo@newsroom.example')
  await guest.getByLabel('New password').fill(password)
  await guest.keyboard.press('Enter')
  await guest.waitForURL(`${desk}/account`)
  assert.equal(await isLet(guest), true)
  await guest.goto(`${desk}/people`)
  await guest.getByRole('heading', { name: 'Not allowed' }).waitFor()

  const again = await opened(await browser.newContext(), link ?? '')
  await again.getByLabel('Your name').fill('Cy Marsh')
  await again.getByLabel('E-mail').fill('cy@newsroom.example')
  await again.getByLabel('New password').fill(password)
  await again.keyboard.press('Enter')
  await again.getByText('was used, withdrawn or has expired').waitFor()
  await other.close()
  await context.close()
})

test('who lost the password comes back in by a link of the owner', async () => {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 } })
  const page = await opened(context, `${desk}/sign-in?next=/people`)
  await page.getByLabel('E-mail').fill('ada@newsroom.example')
  await page.getByLabel('Password').fill(password)
  await page.keyboard.press('Enter')
  await page.waitForURL(`${desk}/people`)
  const make = page.getByRole('button', { name: 'Let Bo Reed set a new password' })
  await make.focus()
  await page.keyboard.press('Enter')
  const link = await page.locator('#link code').textContent()
  assert.equal(await page.evaluate('document.activeElement.id'), 'link')
  assert.deepEqual(await accessibilityViolations(page), [])

  const other = await browser.newContext({ viewport: { width: 390, height: 844 } })
  const guest = await opened(other, link ?? '')
  assert.deepEqual(await accessibilityViolations(guest), [])
  await guest.getByLabel('New password').fill('a new and longer pass phrase')
  await guest.keyboard.press('Enter')
  await guest.getByText('The new password is set.').waitFor()
  await guest.keyboard.press('Enter')
  await guest.waitForURL(`${desk}/sign-in`)
  await guest.getByLabel('E-mail').fill('bo@newsroom.example')
  await guest.getByLabel('Password').fill('a new and longer pass phrase')
  await guest.keyboard.press('Enter')
  await guest.waitForURL(`${desk}/`)
  assert.equal(await isLet(guest), true)

  const again = await opened(await browser.newContext(), link ?? '')
  await again.getByLabel('New password').fill('one more long pass phrase')
  await again.keyboard.press('Enter')
  await again.getByText('was used or has expired').waitFor()
  const half = await opened(await browser.newContext(), (link ?? '').slice(0, -1))
  await half.getByText('This link is not whole').waitFor()
  await other.close()
  await context.close()
})

test('after signing in nobody is sent to another site', async () => {
  const context = await browser.newContext()
  for (const next of ['https://evil.example/', '//evil.example/', 'javascript:alert(1)']) {
    const page = await opened(context, `${desk}/sign-in?next=${encodeURIComponent(next)}`)
    await page.getByLabel('E-mail').fill('ada@newsroom.example')
    await page.getByLabel('Password').fill(password)
    await page.keyboard.press('Enter')
    await page.waitForURL(`${desk}/`)
    await page.close()
  }
  await context.close()
})

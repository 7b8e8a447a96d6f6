/** Readers sent to the object store, in Chromium: what pages show, and what is downloaded. */
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { h } from 'hastscript'
import type { Browser } from 'playwright-core'
import { htmlPage } from '../../src/publish/html-page.ts'
import { addDerivative } from '../../src/store/derivatives.ts'
import { agent, openTestLibrary, temporaryFolder } from '../../src/store/fixture.ts'
import { addPublication, importCase, openIncident } from '../../src/store/incidents.ts'
import type { Library } from '../../src/store/library.ts'
import { presignedReads } from '../../src/store/presigned-reads.ts'
import { addPublicationFiles } from '../../src/store/publications.ts'
import { launchChromium } from '../support/browser.ts'
import { clockedEffects } from '../support/desk-people.ts'
import { startObjectStore, type ObjectServer } from '../support/object-store.ts'
import { servedDesk, type ServedDesk } from '../support/served-desk.ts'

const effects = clockedEffects(Date.now)
let store: ObjectServer
let library: Library
let server: ServedDesk
let browser: Browser
let desk: string
let picture: Buffer
let still: string
const clipText = 'bytes of a clip'

before(async () => {
  store = await startObjectStore()
  const objects = store.address('browser')
  const folder = await temporaryFolder()
  library = await openTestLibrary(join(folder, 'library'), { effects, objects })
  const file = join(folder, 'still.png')
  execFileSync('ffmpeg', [
    '-v',
    'error',
    '-f',
    'lavfi',
    '-i',
    'color=red:size=32x16',
    '-frames:v',
    '1',
    file,
  ])
  picture = await readFile(file)
  await publish()
  const reads = presignedReads(objects, store.endpoint, effects)
  server = await servedDesk(library, { reads })
  desk = server.origin
  browser = await launchChromium()
})
after(async () => {
  await browser.close()
  await server.close()
  await library.close()
  await store.remove()
})

async function publish(): Promise<void> {
  const page = htmlPage({
    language: 'en',
    title: 'Quay',
    description: 'Invented.',
    script: 'assets/story.js',
    body: [
      h('img', { src: 'media/still.png', alt: 'A still' }),
      h('a', { href: 'media/clip.mp4' }, 'The file'),
      h('a', { href: 'media/still.png', download: 'a still.png' }, 'The still'),
    ],
  })
  const output = await library.blobs.putBytes(Uint8Array.from(picture))
  const index = await library.blobs.putBytes(new TextEncoder().encode(page))
  const clip = await library.blobs.putBytes(new TextEncoder().encode(clipText))
  still = output.sha256
  await library.transact(agent, async (tx) => {
    await openIncident(tx, { id: 'quay', title: 'Quay' })
    const made = { incident: 'quay', kind: 'still', recipe: '{}', mediaType: 'image/png' } as const
    await addDerivative(tx, { ...made, output })
    const shas = { caseSha256: index.sha256, storySha256: index.sha256 }
    await importCase(tx, { incident: 'quay', title: 'Quay', ...shas, files: new Map() })
    const publication = { incident: 'quay', revision: 1, contentSha256: index.sha256 }
    await addPublication(tx, { ...publication, manifestSha256: index.sha256 })
    await addPublicationFiles(tx, publication, [
      { path: 'index.html', sha256: index.sha256 },
      { path: 'media/still.png', sha256: still },
      { path: 'media/clip.mp4', sha256: clip.sha256 },
    ])
  })
}

test('a desk page shows a picture from the store, and lets a script read nothing there', async () => {
  const page = await browser.newPage()
  const asked: string[] = []
  page.on('response', (answer) => asked.push(`${answer.status()} ${new URL(answer.url()).origin}`))
  await page.goto(`${desk}/`)
  asked.length = 0
  const path = `/api/incidents/quay/derivatives/${still}`
  const width = await page.evaluate(
    `(async () => { const i = new Image(); i.src = '${path}'; await i.decode(); return i.naturalWidth })()`,
  )
  assert.equal(width, 32)
  assert.deepEqual(asked, [`307 ${desk}`, `200 ${store.endpoint}`])
  const read = await page.evaluate(
    `fetch('${path}').then((answer) => [answer.status, answer.redirected])`,
  )
  assert.deepEqual(read, [200, false])
  const stopped = await page.evaluate(
    `fetch('${store.endpoint}/').then(() => 'read', () => 'stopped')`,
  )
  assert.equal(stopped, 'stopped')
  await page.close()
})

test('a published story shows its files, and gives them away from the store', async () => {
  const page = await browser.newPage()
  await page.goto(`${desk}/stories/quay/`)
  const shown = await page.evaluate(`document.querySelector('img').naturalWidth`)
  assert.equal(shown, 32, 'its own policy allows nothing from elsewhere')
  const downloaded = async (link: string) => {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByText(link).click(),
    ])
    return [download.suggestedFilename(), await readFile(await download.path())] as const
  }
  assert.deepEqual(await downloaded('The file'), ['clip.mp4', Buffer.from(clipText)])
  assert.deepEqual(await downloaded('The still'), ['a still.png', picture])
  await page.close()
})

/** The script of `verify.html`: runs the verifier on this site or on a chosen folder. */
import type { BundleReader } from '../verify/bundle-reader.ts'
import type { VerifyReport } from '../verify/report.ts'
import { servedBundle } from '../verify/served-bundle.ts'
import { VerifyError, verifyBundle } from '../verify/verify-bundle.ts'
import { folderBundle } from './folder-bundle.ts'

const maxShownFindings = 500

function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id)
  if (!(element instanceof kind)) throw new Error(`verify.html has no #${id}`)
  return element
}

/** Text goes in as text: nothing of a bundle is ever markup here. */
function made(tag: string, text: string, className = ''): HTMLElement {
  const element = document.createElement(tag)
  element.textContent = text
  element.className = className
  return element
}

function list(items: readonly string[]): HTMLElement {
  const element = document.createElement('ul')
  element.append(...items.map((item) => made('li', item)))
  return element
}

const report = byId('report', HTMLElement)
const button = byId('check-served', HTMLButtonElement)
const folder = byId('folder', HTMLInputElement)
const key = byId('key', HTMLInputElement)

async function fetchFile(path: string): Promise<Uint8Array<ArrayBuffer> | undefined> {
  const answer = await fetch(path, { cache: 'no-store', credentials: 'omit', redirect: 'error' })
  return answer.ok ? new Uint8Array(await answer.arrayBuffer()) : undefined
}

async function check(reader: BundleReader): Promise<void> {
  button.disabled = true
  folder.disabled = true
  report.replaceChildren(made('p', 'Checking…'))
  try {
    const trustedKey = key.value.trim()
    show(await verifyBundle(reader, trustedKey === '' ? {} : { trustedKey }))
  } catch (error) {
    const why = error instanceof VerifyError ? error.message : 'It could not be read.'
    report.replaceChildren(made('p', `The check could not run. ${why}`, 'finding'))
  }
  button.disabled = false
  folder.disabled = false
}

function show({ ok, findings, facts, shows, doesNotShow }: VerifyReport): void {
  const count = `${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}`
  const title = ok ? 'No findings: the bundle is consistent' : count
  const about = [
    `${facts.files} files, ${facts.entries} opened log entries`,
    facts.revision === undefined ? '' : `revision ${facts.revision}`,
    facts.publishedAt === undefined
      ? ''
      : `published ${facts.publishedAt}, by the publisher’s clock`,
    facts.origin === undefined ? '' : `log ${facts.origin}`,
    facts.keyId === undefined
      ? ''
      : `key ${facts.keyId}${facts.keyPinned ? ', the one you gave' : ', the bundle’s own'}`,
    facts.listedEverything ? '' : 'extra files could not be looked for',
  ]
  const rows = document.createElement('ol')
  rows.className = 'findings'
  for (const { code, path, message } of findings.slice(0, maxShownFindings)) {
    const row = document.createElement('li')
    row.append(made('code', code), ' ', made('strong', path ?? ''), ' ', message)
    rows.append(row)
  }
  report.replaceChildren(
    made('h2', title, ok ? 'consistent' : 'finding'),
    made('p', `${about.filter((part) => part !== '').join('; ')}.`),
    ...(findings.length === 0 ? [] : [rows]),
    ...(findings.length > maxShownFindings
      ? [made('p', `The first ${maxShownFindings} of ${findings.length} are shown.`)]
      : []),
    ...(shows.length === 0 ? [] : [made('h3', 'This shows'), list(shows)]),
    made('h3', 'This does not show'),
    list(doesNotShow),
  )
}

byId('without-script', HTMLElement).hidden = true
const served = location.protocol !== 'file:'
byId('served', HTMLElement).hidden = !served
button.addEventListener('click', () => void check(servedBundle(fetchFile)))
folder.addEventListener('change', () => {
  if (folder.files !== null && folder.files.length > 0) void check(folderBundle(folder.files))
})
// Browsers hash only where the page came safely: https, this machine, or a file.
if (globalThis.isSecureContext) byId('controls', HTMLElement).hidden = false
else {
  report.replaceChildren(
    made(
      'p',
      'This page came over plain http, where browsers do not let a page compute hashes. Open it over https, or download the folder and open verify.html from it.',
      'finding',
    ),
  )
}

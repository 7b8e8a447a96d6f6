/** A contributor's page: the same form, sent piece by piece so that a broken connection costs nothing. */
import { sender, type Counts } from './send-files.ts'

const form = document.querySelector<HTMLFormElement>('#contribute')
const list = document.querySelector<HTMLElement>('#list')
const status = document.querySelector<HTMLElement>('#status')
const sent = document.querySelector<HTMLElement>('#sent')
const choose = form?.querySelector<HTMLInputElement>('#choose')

if (form && list && status && sent && choose) {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void send(form, [...(choose.files ?? [])])
  })
}

async function send(from: HTMLFormElement, files: readonly File[]): Promise<void> {
  if (!list || !status || !sent) return
  const account = from.querySelector<HTMLTextAreaElement>('#account')?.value ?? ''
  const contact = from.querySelector<HTMLInputElement>('#contact')?.value ?? ''
  if (files.length === 0 && account.trim() === '') {
    status.textContent = 'Choose a file or write something first.'
    return
  }
  const submit = from.querySelector<HTMLButtonElement>('button[type=submit]')
  if (submit) submit.disabled = true
  status.textContent = 'Beginning.'
  const receipt = await begin(from.dataset['tips'] ?? '', account, contact)
  if (typeof receipt !== 'string') {
    status.textContent = receipt.detail
    if (submit) submit.disabled = false
    return
  }
  from.hidden = true
  const shown = sent.querySelector<HTMLElement>('#receipt')
  if (shown) shown.textContent = receipt
  sent.hidden = false
  sent.querySelector<HTMLElement>('#sent-title')?.focus()
  status.textContent =
    files.length === 0 ? 'Your account has arrived.' : 'Leave this page open until all has arrived.'
  const sending = sender({
    endpoint: from.dataset['endpoint'] ?? '',
    list,
    headers: () => ({ 'sightline-receipt': receipt }),
    // Nothing of it stays on this phone.
    remembers: false,
    onChange: ({ all, arrived, refused }: Counts) => {
      const bad = refused === 0 ? '' : `, ${refused} not taken`
      const done = arrived + refused === all ? ' You can close this page.' : ''
      status.textContent = `${arrived} of ${all} files have arrived${bad}.${done}`
    },
  })
  sending.add(files)
  window.addEventListener('beforeunload', (event) => {
    const { all, arrived, refused } = sending.counts
    if (arrived + refused < all) event.preventDefault()
  })
}

/** The receipt code, or why there is none. */
async function begin(
  address: string,
  account: string,
  contact: string,
): Promise<string | { readonly detail: string }> {
  try {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ account, contact }),
    })
    const said = (await answer.json()) as { receipt?: string; detail?: string }
    return said.receipt ?? { detail: said.detail ?? 'That did not work. Try again.' }
  } catch {
    return { detail: 'There is no connection. Try again.' }
  }
}

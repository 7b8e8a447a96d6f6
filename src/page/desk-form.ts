/** What the scripts of the desk's own pages share: asking the server, and saying how it went. */
import { apiClient, readRefusal } from '../client/api-client.ts'

export class Refused extends Error {
  readonly code: string

  constructor(message: string, code: string) {
    super(message)
    this.code = code
  }
}

/** @throws Refused with what the server says */
export const { ask } = apiClient(async (path, init) => {
  const answer = await fetch(path, { ...init, redirect: 'error' }).catch(() => {
    throw new Refused('The desk does not answer. Is it running?', 'unreachable')
  })
  if (answer.ok) return answer
  const { code = '', message = '' } = readRefusal(await answer.text())
  throw new Refused(message === '' ? `That did not work (${answer.status}).` : message, code)
})

export function byId<Kind extends HTMLElement>(id: string, kind: new () => Kind): Kind {
  const element = document.getElementById(id)
  if (!(element instanceof kind)) throw new Error(`the page has no #${id}`)
  return element
}

/** Text goes in as text, whatever somebody called themselves. */
export function made<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  ...content: readonly (string | Node)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag)
  element.append(...content)
  return element
}

export function button(label: string, act: () => Promise<void>): HTMLButtonElement {
  const element = made('button', label)
  element.type = 'button'
  element.addEventListener('click', () => void running(element, act))
  return element
}

/** Calls `act` with what the form holds. */
export function onSubmit(
  id: string,
  act: (fields: (name: string) => string, form: HTMLFormElement) => Promise<void>,
): void {
  const form = byId(id, HTMLFormElement)
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const data = new FormData(form)
    const field = (name: string): string => {
      const value = data.get(name)
      return typeof value === 'string' ? value : ''
    }
    const submit = form.querySelector('button[type=submit]')
    void running(submit instanceof HTMLButtonElement ? submit : undefined, () => act(field, form))
  })
}

/** A button that is disabled or taken away loses the focus: it comes back, or goes to the page's content. */
async function running(
  control: HTMLButtonElement | undefined,
  act: () => Promise<void>,
): Promise<void> {
  say('')
  const hadFocus = document.activeElement
  control?.setAttribute('disabled', '')
  try {
    await act()
  } catch (error) {
    tell(error)
  }
  control?.removeAttribute('disabled')
  if (document.activeElement !== document.body || !(hadFocus instanceof HTMLElement)) return
  if (hadFocus.checkVisibility()) hadFocus.focus()
  else byId('main', HTMLElement).focus()
}

/** In the page's live region. */
export function say(text: string, isWrong = false): void {
  const status = byId('status', HTMLElement)
  status.textContent = text
  status.className = isWrong ? 'wrong' : ''
}

export function tell(error: unknown): void {
  if (error instanceof Refused && error.code === 'reauthentication-required') {
    const link = made('a', 'Sign in again')
    link.href = `/sign-in?next=${encodeURIComponent(location.pathname)}`
    say('For this you must have signed in a short time ago. ', true)
    byId('status', HTMLElement).append(link)
    return
  }
  say(error instanceof Error ? error.message : 'That did not work.', true)
}

export const shownDate = (text: string): string =>
  new Date(text).toLocaleString(undefined, { dateStyle: 'medium', timeStyle: 'short' })

/** Sends files by tus, two at a time, each with a line that shows how far it is. */
import { DetailedError, defaultOptions, Upload } from 'tus-js-client'
import { hashFile } from './file-hash.ts'

export interface Sending {
  readonly endpoint: string
  readonly list: HTMLElement
  /** Sent with each request. */
  readonly headers: () => Readonly<Record<string, string>>
  /** In this browser, so that an upload goes on after the page was closed. */
  readonly remembers: boolean
  /** How many have ended, of how many. */
  readonly onChange: (counts: Counts) => void
}

export interface Counts {
  readonly all: number
  readonly arrived: number
  readonly refused: number
}

const atOnce = 2
/** Again after so many milliseconds; begins anew once something has come through. */
const retryDelays = [0, 1000, 3000, 5000, 10_000, 20_000, 30_000, 60_000, 60_000, 60_000]

export function sender({ endpoint, list, headers, remembers, onChange }: Sending) {
  const counts = { all: 0, arrived: 0, refused: 0 }
  const waiting: (() => Promise<void>)[] = []
  let running = 0

  const next = (): void => {
    while (running < atOnce) {
      const begin = waiting.shift()
      if (begin === undefined) return
      running += 1
      void begin().finally(() => {
        running -= 1
        next()
      })
    }
  }

  const add = (file: File): void => {
    counts.all += 1
    const row = rowOf(list, file)
    waiting.push(() => send(file, row))
    onChange(counts)
  }

  async function send(file: File, row: Row): Promise<void> {
    let stopped = false
    row.onCancel(() => (stopped = true))
    row.say('Reading')
    const sha256 = await hashFile(
      file,
      (share) => row.share(share),
      () => stopped,
    ).catch(() => undefined)
    if (sha256 === undefined) {
      counts.refused += 1
      row.end(stopped ? 'Not sent.' : 'The file could not be read.')
      onChange(counts)
      return
    }
    await new Promise<void>((resolve) => {
      const upload = new Upload(file, {
        endpoint,
        headers: { ...headers() },
        metadata: { filename: nameOf(file), sha256 },
        retryDelays,
        storeFingerprintForResuming: remembers,
        removeFingerprintOnSuccess: true,
        onProgress: (sent, all) => {
          row.say('Sending')
          row.share(sent / all)
        },
        onSuccess: () => {
          void tell(upload.url).then((text) => {
            counts.arrived += 1
            row.share(1)
            row.end(text)
            onChange(counts)
            resolve()
          })
        },
        onError: (error) => {
          counts.refused += 1
          row.end(readableError(error))
          void (isRefusal(error) ? forget(upload) : Promise.resolve()).then(() => {
            onChange(counts)
            resolve()
          })
        },
      })
      row.onPause(
        () => void upload.abort(),
        () => upload.start(),
      )
      row.onCancel(() => {
        void upload.abort(true).catch(() => undefined)
        counts.refused += 1
        row.end('Not sent.')
        onChange(counts)
        resolve()
      })
      const begin = async (): Promise<void> => {
        const [previous] = remembers ? await upload.findPreviousUploads() : []
        if (previous !== undefined) upload.resumeFromPreviousUpload(previous)
        upload.start()
      }
      void begin()
    })
  }

  async function tell(url: string | null): Promise<string> {
    const answer = await fetch(url ?? '', { headers: { ...headers() } }).catch(() => undefined)
    if (answer?.ok !== true) return 'Arrived.'
    const said = (await answer.json()) as { item?: string; kind?: string; seenBefore?: boolean }
    const again = said.seenBefore === true ? ' These bytes were here before.' : ''
    return `Arrived as ${said.kind ?? 'file'}, SHA-256 ${said.item ?? ''}.${again}`
  }

  return {
    add: (files: Iterable<File>): void => {
      for (const file of files) add(file)
      next()
    },
    counts,
  }
}

interface Row {
  say(text: string): void
  share(share: number): void
  end(text: string): void
  onPause(pause: () => void, resume: () => void): void
  onCancel(cancel: () => void): void
}

function rowOf(list: HTMLElement, file: File): Row {
  const row = document.createElement('li')
  const name = document.createElement('span')
  name.textContent = nameOf(file)
  const text = document.createElement('span')
  text.textContent = 'Waiting'
  const bar = document.createElement('progress')
  bar.max = 1
  bar.value = 0
  bar.setAttribute('aria-label', nameOf(file))
  const acts = document.createElement('div')
  acts.className = 'acts'
  const pause = button('Pause', nameOf(file))
  pause.hidden = true
  const cancel = button('Cancel', nameOf(file))
  acts.append(pause, cancel)
  row.append(name, bar, text, acts)
  list.append(row)
  let said = ''
  let onCancel = (): void => undefined
  cancel.addEventListener('click', () => onCancel())
  return {
    say: (what) => {
      said = what
    },
    share: (share) => {
      bar.value = share
      text.textContent = `${said}: ${Math.floor(share * 100)} %`
    },
    end: (what) => {
      acts.remove()
      text.textContent = what
      row.dataset['ended'] = 'true'
    },
    onPause: (stop, resume) => {
      let paused = false
      pause.hidden = false
      pause.addEventListener('click', () => {
        paused = !paused
        setLabel(pause, paused ? 'Go on' : 'Pause', nameOf(file))
        if (paused) {
          stop()
          text.textContent = 'Paused'
        } else resume()
      })
    },
    onCancel: (act) => {
      onCancel = act
    },
  }
}

function button(label: string, of: string): HTMLButtonElement {
  const made = document.createElement('button')
  made.type = 'button'
  setLabel(made, label, of)
  return made
}

function setLabel(element: HTMLElement, label: string, of: string): void {
  element.textContent = label
  element.setAttribute('aria-label', `${label}: ${of}`)
}

/** With its folder where a whole folder was chosen. */
function nameOf(file: File): string {
  return file.webkitRelativePath === '' ? file.name : file.webkitRelativePath
}

/** The server said no, and would again: not to who signs in again, or to who comes later. */
function isRefusal(error: Error | DetailedError): boolean {
  const status = statusOf(error)
  return status !== undefined && status >= 400 && status < 500 && !passing.has(status)
}

const passing: ReadonlySet<number> = new Set([401, 408, 423, 429])

const statusOf = (error: Error | DetailedError): number | undefined =>
  error instanceof DetailedError ? error.originalResponse?.getStatus() : undefined

/** Otherwise the next page would say that it can go on. */
async function forget(upload: Upload): Promise<void> {
  for (const { urlStorageKey } of await upload.findPreviousUploads()) {
    await defaultOptions.urlStorage.removeUpload(urlStorageKey)
  }
}

function readableError(error: Error | DetailedError): string {
  if (statusOf(error) === 401) {
    return 'You are signed out. Sign in, and choose the file again: it goes on from where it was.'
  }
  const body = error instanceof DetailedError ? error.originalResponse?.getBody() : undefined
  try {
    const { detail } = JSON.parse(body ?? '') as { detail?: unknown }
    if (typeof detail === 'string') return `Not taken. ${detail}`
  } catch {
    // Not an answer of the server.
  }
  return 'The connection broke too often. Choose the file again to go on.'
}

/** The team's page for adding files to an incident. */
import { defaultOptions } from 'tus-js-client'
import { droppedFiles } from './chosen-files.ts'
import { sender, type Counts } from './send-files.ts'

const form = document.querySelector<HTMLFormElement>('#files')
const list = document.querySelector<HTMLElement>('#list')
const status = document.querySelector<HTMLElement>('#status')
const endpoint = form?.dataset['endpoint']

if (form && list && status && endpoint !== undefined) {
  form.hidden = false
  const sending = sender({
    endpoint,
    list,
    headers: () => ({}),
    remembers: true,
    onChange: ({ all, arrived, refused }: Counts) => {
      const bad = refused === 0 ? '' : `, ${refused} not taken`
      status.textContent = `${arrived} of ${all} files have arrived${bad}.`
      if (arrived + refused === all) void tellUnfinished(endpoint)
    },
  })
  for (const input of form.querySelectorAll<HTMLInputElement>('input[type=file]')) {
    input.addEventListener('change', () => {
      sending.add(input.files ?? [])
      input.value = ''
    })
  }
  form.addEventListener('submit', (event) => event.preventDefault())
  const zone = form.querySelector<HTMLElement>('.drop')
  document.addEventListener('dragover', (event) => {
    event.preventDefault()
    zone?.classList.add('over')
  })
  document.addEventListener('dragleave', () => zone?.classList.remove('over'))
  document.addEventListener('drop', (event) => {
    event.preventDefault()
    zone?.classList.remove('over')
    if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(sending.add)
  })
  window.addEventListener('beforeunload', (event) => {
    const { all, arrived, refused } = sending.counts
    if (arrived + refused < all) event.preventDefault()
  })
  void tellUnfinished(endpoint)
}

/** Those that this browser remembers of this incident. */
async function tellUnfinished(of: string): Promise<void> {
  const known = await defaultOptions.urlStorage.findAllUploads()
  const own = known.filter(({ uploadUrl }) => uploadUrl?.includes(`${of}/`))
  const place = document.querySelector<HTMLElement>('#unfinished')
  if (place === null) return
  place.hidden = own.length === 0
  const names = own.map(({ metadata }) => metadata['filename'] ?? '').join(', ')
  place.textContent = `Not finished: ${names}. Choose them again, and they go on from where they were.`
}

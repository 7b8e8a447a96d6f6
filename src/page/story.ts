/**
 * The story page's script: it only adds. Links to moments seek, two speeds play
 * together, frames can be stepped. Nothing plays but what the reader starts,
 * nothing is fetched, stored or sent.
 */
import { frameStarts, stepTarget } from './frames.ts'

function videosOf(figure: Element): HTMLVideoElement[] {
  return [...figure.querySelectorAll('video')]
}

/** `t` as the page counts it → the video's own seconds. */
function seek(video: HTMLVideoElement, t: number): void {
  const seconds = (t - Number(video.dataset['t0'])) * Number(video.dataset['scale'])
  if (Number.isFinite(seconds)) video.currentTime = Math.max(0, seconds)
}

/** False where the footage is guarded and its reader has not opened it. */
function showMoment(figure: Element | null, t: number): boolean {
  if (!figure || figure.querySelector('details.guarded:not([open])')) return false
  const videos = videosOf(figure)
  for (const video of videos) seek(video, t)
  figure.scrollIntoView({ block: 'start' })
  videos.at(-1)?.focus({ preventScroll: true })
  return videos.length > 0
}

document.addEventListener('click', (event) => {
  const link =
    event.target instanceof Element ? event.target.closest<HTMLElement>('a[data-t]') : null
  const id = link?.getAttribute('href')?.slice(1)
  if (!link || !id || event.ctrlKey || event.metaKey || event.shiftKey) return
  const t = link.dataset['t'] ?? ''
  if (!showMoment(document.getElementById(id), Number(t))) return
  event.preventDefault()
  history.replaceState(null, '', `?t=${t}#${id}`)
})

/** Where the frames of a video begin; of a constant rate when none are listed. */
function startsOf(video: HTMLVideoElement): number[] {
  const { runs, timescale, fps } = video.dataset
  if (runs) return frameStarts(runs, Number(timescale))
  return fps ? frameStarts(`1x${Math.ceil(video.duration * Number(fps))}`, Number(fps)) : []
}

const keys: Readonly<Record<string, (video: HTMLVideoElement) => void>> = {
  ',': (video) => stepBy(video, -1),
  '.': (video) => stepBy(video, 1),
  j: (video) => (video.currentTime = Math.max(0, video.currentTime - 1)),
  k: (video) => video.pause(),
  l: (video) => void video.play(),
}

function stepBy(video: HTMLVideoElement, step: number): void {
  video.pause()
  const starts = startsOf(video)
  if (starts.length > 1) video.currentTime = stepTarget(starts, video.currentTime, step)
}

document.addEventListener('keydown', (event) => {
  const video = event.target
  const act = keys[event.key.toLowerCase()]
  if (
    !(video instanceof HTMLVideoElement) ||
    !act ||
    event.ctrlKey ||
    event.metaKey ||
    event.altKey
  )
    return
  event.preventDefault()
  act(video)
})

/** Real speed and slow motion from the same moment. */
function addPairButton(pair: Element): void {
  const videos = videosOf(pair)
  const button = document.createElement('button')
  const name = () => {
    button.textContent = videos.some((video) => !video.paused)
      ? 'Pause both'
      : 'Play both from the start'
  }
  button.type = 'button'
  button.addEventListener('click', () => {
    const playing = videos.some((video) => !video.paused)
    for (const video of videos) {
      if (playing) video.pause()
      else {
        video.currentTime = 0
        void video.play()
      }
    }
  })
  for (const video of videos) {
    for (const type of ['play', 'pause', 'ended']) video.addEventListener(type, name)
  }
  name()
  pair.append(button)
}

/** A line on the time ruler where the video is. */
function addPlayhead(ruler: HTMLElement): void {
  const video = document.getElementById(ruler.dataset['ruler'] ?? '')
  const axis = ruler.querySelector('svg.axis')
  if (!(video instanceof HTMLVideoElement) || !axis) return
  const line = document.createElementNS('http://www.w3.org/2000/svg', 'line')
  line.setAttribute('class', 'playhead')
  line.setAttribute('y1', '0')
  line.setAttribute('y2', '24')
  axis.append(line)
  const place = () => {
    const x = `${((video.currentTime / (video.duration || 1)) * 100).toFixed(2)}%`
    line.setAttribute('x1', x)
    line.setAttribute('x2', x)
  }
  for (const type of ['timeupdate', 'seeked', 'loadedmetadata']) video.addEventListener(type, place)
  place()
}

for (const pair of document.querySelectorAll('[data-pair]')) addPairButton(pair)
for (const ruler of document.querySelectorAll<HTMLElement>('[data-ruler]')) addPlayhead(ruler)
const screen = document.querySelector('.screen:has(video)')
if (screen) {
  const hint = document.createElement('p')
  hint.className = 'keys'
  hint.textContent =
    'Keys, with a video in focus: comma and full stop step one frame, J goes back a second, K pauses, L plays.'
  screen.append(hint)
}

const t = new URLSearchParams(location.search).get('t')
if (t) showMoment(document.getElementById(location.hash.slice(1)), Number(t))

import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { RenderedPart } from '../case/exhibit.ts'
import { timecode } from '../time/text.ts'
import { captionTrackOf } from './captions.ts'
import { frameRuns, type Player } from './players.ts'
import { lineLabel, textAccountOf, type AccountLine } from './text-account.ts'
import type { StoryView } from './view.ts'
import { clockText } from './time-text.ts'

/** Plain `<video>`: right with scripts off; the `data-` attributes are for stepping and seeking. */
export function videoElement(
  view: StoryView,
  player: Player,
  poster: RenderedPart | undefined,
  label: string,
): Element {
  return h('div.video', [
    playedVideo(view, player, poster, label),
    printedVideo(player.part, poster),
  ])
}

function playedVideo(
  view: StoryView,
  player: Player,
  poster: RenderedPart | undefined,
  label: string,
): Element {
  const { part, place } = player
  const { recipe } = part
  const track = captionTrackOf(view.material, player)
  return h(
    'video',
    {
      id: view.takeId(player.id),
      src: part.path,
      poster: poster?.path,
      width: part.widthPixels,
      height: part.heightPixels,
      controls: true,
      playsInline: true,
      preload: place.warning === undefined ? 'metadata' : 'none',
      ariaLabel: label,
      dataT0: player.startSeconds.toFixed(6),
      dataScale: String(player.scale),
      dataRuns: frameRuns(view.material, player),
      dataTimescale:
        recipe.kind === 'clip'
          ? recipe.parameters.picture.timescale / recipe.parameters.slowdown
          : undefined,
      dataFps: recipe.kind === 'composite' ? recipe.parameters.framesPerSecond : undefined,
    },
    [
      track === undefined
        ? ''
        : h('track', {
            kind: 'captions',
            src: track.path,
            srcLang: view.material.case.incident.language,
            label: 'Words and sounds',
          }),
      'This browser shows no video here. ',
      h('a', { href: part.path }, 'Open the file'),
    ],
  )
}

/** On paper a video is its poster, with the address and the hash of what it stands for. */
function printedVideo(part: RenderedPart, poster: RenderedPart | undefined): Element {
  return h('div.printed', [
    poster === undefined
      ? ''
      : h('img', {
          src: poster.path,
          alt: 'Still that stands for the video',
          width: poster.widthPixels,
          height: poster.heightPixels,
        }),
    h('p', ['Video: ', part.path, ', SHA-256 ', h('code.hash', part.sha256)]),
  ])
}

/** What is heard and what happens, line by line, each leading to its moment. */
export function textAccount(view: StoryView, player: Player): Element | '' {
  const lines = textAccountOf(view.material, player)
  if (lines.length === 0) {
    return h('p.no-account', 'No words or events are written down for this part.')
  }
  return h('details.account', { open: lines.length <= 6 }, [
    h('summary', `What is heard and happens (${lines.length})`),
    h(
      'ol.lines',
      lines.map((line) => h('li', lineContent(view, player, line))),
    ),
  ])
}

function lineContent(view: StoryView, player: Player, line: AccountLine): ElementContent[] {
  const t = Math.max(line.fromSeconds, player.startSeconds)
  const time = player.counts === 'clock' ? clockText(t) : timecode(t)
  const label = lineLabel(view.material, player, line)
  const link = h(
    'a.moment',
    { href: `#${player.place.id}`, dataT: t.toFixed(3) },
    h('span.at', time),
  )
  const said =
    line.kind === 'speech'
      ? [h('bdi.speaker', line.speaker ?? ''), ' ', h('q', { dir: 'auto' }, line.text)]
      : [h('bdi', line.kind === 'sound' ? `[${line.text}]` : line.text)]
  return h('div', [
    link,
    h('span.line', [...said, label === undefined ? '' : h('span.angle', [' ', h('bdi', label)])]),
  ]).children
}

import type { StoryMaterial } from '../case/bundle.ts'
import { videoSeconds, type Player } from './players.ts'
import { lineLabel, textAccountOf } from './text-account.ts'
import { visibleText } from './visible-text.ts'

export interface CaptionTrack {
  /** `data/captions-….vtt` */
  readonly path: string
  /** WebVTT. */
  readonly text: string
}

/** What is heard in a video as WebVTT, in the video's own time; undefined where nothing is written down. */
export function captionTrackOf(material: StoryMaterial, player: Player): CaptionTrack | undefined {
  const cues = textAccountOf(material, player)
    .filter((line) => line.kind !== 'event')
    .map((line, index) => {
      const from = videoSeconds(player, Math.max(line.fromSeconds, player.startSeconds))
      const to = videoSeconds(player, Math.min(line.toSeconds, player.endSeconds))
      const label = lineLabel(material, player, line)
      const speaker = [line.speaker, label].filter((part) => part !== undefined).join(', ')
      const text = line.kind === 'sound' ? `[${line.text}]` : `${speaker}: ${line.text}`
      return `${index + 1}\n${cueTime(from)} --> ${cueTime(Math.max(to, from + 0.2))}\n${cueText(text)}\n`
    })
  if (cues.length === 0) return undefined
  return { path: `data/captions-${player.id}.vtt`, text: `WEBVTT\n\n${cues.join('\n')}` }
}

/** `00:01:02.480` */
function cueTime(seconds: number): string {
  const thousandths = Math.round(seconds * 1000)
  const hours = Math.floor(thousandths / 3_600_000)
  const minutes = Math.floor(thousandths / 60_000) % 60
  const rest = ((thousandths % 60_000) / 1000).toFixed(3).padStart(6, '0')
  return `${String(hours).padStart(2, '0')}:${String(minutes).padStart(2, '0')}:${rest}`
}

/** A cue's text may hold neither a line break nor `-->`, and `<` and `&` are markup (WebVTT 4.2.2). */
function cueText(text: string): string {
  return visibleText(text)
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
}

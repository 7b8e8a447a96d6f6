import type { StoryMaterial } from '../case/bundle.ts'
import { timecode } from '../time/text.ts'
import { holds, momentOnClock, timeIn, type Player } from './players.ts'
import { clockText } from './time-text.ts'

export type MomentAddress =
  | { readonly clock: number }
  | { readonly footage: string; readonly at: number }

/** Where a moment can be watched on this page. */
export interface Showing {
  readonly player: Player
  /** As the player counts. */
  readonly t: number
}

const kindOrder = { segment: 0, composite: 1, 'slow-motion': 2 } as const

/** The exhibit that shows a moment best: its own segment, else the composite, else slow motion. */
export function showingOf(
  material: StoryMaterial,
  players: readonly Player[],
  moment: MomentAddress,
): Showing | undefined {
  const showings = players.flatMap((player): Showing[] => {
    if (player.part.role === 'real-speed') return []
    if ('clock' in moment) {
      return player.counts === 'clock' && holds(player, moment.clock)
        ? [{ player, t: moment.clock }]
        : []
    }
    if (!player.angles.includes(moment.footage)) return []
    const t = timeIn(player, material, moment.footage, moment.at)
    return t !== undefined && holds(player, t) ? [{ player, t }] : []
  })
  const rank = ({ player }: Showing) =>
    'clock' in moment && player.place.kind === 'composite' ? -1 : kindOrder[player.place.kind]
  return showings.reduce<Showing | undefined>(
    (best, each) => (best === undefined || rank(each) < rank(best) ? each : best),
    undefined,
  )
}

/** The moment as readers are told it: on the clock where it is, else in the recording's own time. */
export function momentText(material: StoryMaterial, moment: MomentAddress): string {
  if ('clock' in moment) return clockText(moment.clock)
  const placed = momentOnClock(material, moment.footage, moment.at)
  return placed === undefined ? timecode(moment.at) : clockText(placed.seconds)
}

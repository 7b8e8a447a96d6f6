import type { StoryMaterial } from '../case/bundle.ts'
import { holds, timeIn, type Player } from './players.ts'
import { footageLabel, saidBy } from './said.ts'

/** One line of what is heard and what happens in a video, in time order. */
export interface AccountLine {
  readonly kind: 'speech' | 'sound' | 'event'
  /** As the player counts; may begin before the video does. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /** Whose phone hears it, where several angles are shown. */
  readonly footage: string
  readonly speaker?: string
  readonly text: string
}

/** A sound without an end of its own stays on screen this long. */
const soundSeconds = 1.2

/** Statements spoken and events within what a video shows. */
export function textAccountOf(material: StoryMaterial, player: Player): readonly AccountLine[] {
  return [...speechIn(material, player), ...eventsIn(material, player)]
    .filter((line) => line.toSeconds > player.startSeconds && line.fromSeconds < player.endSeconds)
    .sort((a, b) => a.fromSeconds - b.fromSeconds)
}

function speechIn(material: StoryMaterial, player: Player): AccountLine[] {
  return material.case.statements.flatMap((statement): AccountLine[] => {
    const { account, source } = saidBy(material, statement.id)
    const { footage } = account
    if (footage === undefined || statement.from === undefined || statement.to === undefined)
      return []
    if (!player.angles.includes(footage)) return []
    const fromSeconds = timeIn(player, material, footage, statement.from)
    const toSeconds = timeIn(player, material, footage, statement.to)
    if (fromSeconds === undefined || toSeconds === undefined) return []
    const speaker = source.name
    return [{ kind: 'speech', fromSeconds, toSeconds, footage, speaker, text: statement.quote }]
  })
}

function eventsIn(material: StoryMaterial, player: Player): AccountLine[] {
  return material.case.events.flatMap((event): AccountLine[] => {
    if (event.footage === undefined || event.at === undefined) return []
    const fromSeconds = timeIn(player, material, event.footage, event.at)
    const end =
      event.to === undefined ? undefined : timeIn(player, material, event.footage, event.to)
    if (fromSeconds === undefined || !holds(player, fromSeconds)) return []
    return [
      {
        kind: event.kind === 'impulsive sound' ? 'sound' : 'event',
        fromSeconds,
        toSeconds: end ?? fromSeconds + soundSeconds,
        footage: event.footage,
        text: event.label,
      },
    ]
  })
}

/** Which recordings' names must stand beside a line, so that no voice is put in another's phone. */
export function lineLabel(
  material: StoryMaterial,
  player: Player,
  line: AccountLine,
): string | undefined {
  return player.angles.length > 1 ? footageLabel(material, line.footage) : undefined
}

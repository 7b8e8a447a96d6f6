import type { Case } from '../case/case-schema.ts'
import type { Enlargement } from '../case/recipe.ts'
import type { Interval } from '../case/redaction.ts'
import type { Place } from '../case/story.ts'

/** An item as the case names it: its list, and its id in that. */
export interface NamedItem {
  readonly list: 'footage' | 'photos' | 'documents'
  readonly id: string
}

/** What an exhibit shows of one item; of a recording in a grid the clock says when. */
export interface ExhibitItem extends NamedItem {
  /** Own time; the same twice for one frame. */
  readonly interval?: Interval
}

/** An exhibit as the story asks for it. */
export interface ExhibitReading {
  readonly id: string
  readonly kind: Place['kind']
  readonly caption: string
  /** 1-based, of its directive in story.md. */
  readonly line: number
  readonly column: number
  readonly shows: readonly ExhibitItem[]
  /** Of a grid, in seconds from the clock's zero. */
  readonly onClock?: Interval
  /** Of what moves; 0.25 is a quarter of real speed. */
  readonly speed?: number
  readonly enlargement?: Enlargement
  /** Whose sound a grid has, where the story says it. */
  readonly sound?: string
  /** Quoted, or marked in a document. */
  readonly statements?: readonly string[]
}

type Said = Pick<Case, 'statements' | 'accounts'>

/** In the story's order. The computed lists (timeline, claims and so on) are none. */
export function storyExhibits(places: ReadonlyMap<string, Place>, facts: Said): ExhibitReading[] {
  const said = statementItems(facts)
  return [...places.values()].flatMap((place) => {
    const asked = askedFor(place, said)
    const { id, kind, caption, line, column } = place
    return asked === undefined ? [] : [{ id, kind, caption, line, column, ...asked }]
  })
}

type Asked = Omit<ExhibitReading, 'id' | 'kind' | 'caption' | 'line' | 'column'>

function askedFor(place: Place, said: ReadonlyMap<string, ExhibitItem>): Asked | undefined {
  switch (place.kind) {
    case 'composite': {
      const { fromSeconds, toSeconds, angles, sound } = place
      return {
        shows: angles.map((id) => ({ list: 'footage', id })),
        onClock: { fromSeconds, toSeconds },
        speed: 1,
        ...(sound === undefined ? {} : { sound }),
      }
    }
    case 'segment':
    case 'slow-motion': {
      const { fromSeconds, toSeconds } = place
      return {
        shows: [{ list: 'footage', id: place.footage, interval: { fromSeconds, toSeconds } }],
        speed: place.kind === 'segment' ? 1 : 1 / place.slowdown,
        ...enlarged(place),
      }
    }
    case 'still':
    case 'enlargement': {
      const { footage, atSeconds } = place
      const interval = { fromSeconds: atSeconds, toSeconds: atSeconds }
      return { shows: [{ list: 'footage', id: footage, interval }], ...enlarged(place) }
    }
    case 'photo':
      return { shows: [{ list: 'photos', id: place.photo }] }
    case 'facsimile':
      return { shows: [{ list: 'documents', id: place.document }], statements: place.statements }
    case 'quote': {
      const item = said.get(place.statement)
      return { shows: item === undefined ? [] : [item], statements: [place.statement] }
    }
    case 'timeline':
    case 'claims':
    case 'contradictions':
    case 'questions':
      return undefined
  }
}

function enlarged({ crop, factor, kernel }: Partial<Enlargement>): Pick<Asked, 'enlargement'> {
  return crop === undefined || factor === undefined || kernel === undefined
    ? {}
    : { enlargement: { crop, factor, kernel } }
}

/** Where each statement is: in a recording, in a document; of a note it is nowhere. */
export function statementItems({ statements, accounts }: Said): ReadonlyMap<string, ExhibitItem> {
  const accountOf = new Map(accounts.map((account) => [account.id, account]))
  const items = new Map<string, ExhibitItem>()
  for (const { id, account, from, to } of statements) {
    const { document, footage } = accountOf.get(account) ?? {}
    if (document !== undefined) items.set(id, { list: 'documents', id: document })
    if (footage === undefined) continue
    const isTimed = from !== undefined && to !== undefined
    const interval = isTimed ? { interval: { fromSeconds: from, toSeconds: to } } : {}
    items.set(id, { list: 'footage', id: footage, ...interval })
  }
  return items
}

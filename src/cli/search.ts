import { InvalidArgumentError, Option, type Command } from 'commander'
import { indexLibrary } from '../jobs/index-library.ts'
import {
  search,
  searchCursor,
  type Incidents,
  searchStatuses,
  type SearchHit,
  type SearchPage,
  type SearchStatus,
} from '../store/search.ts'
import { searchKinds, type SearchKind } from '../store/search-kinds.ts'
import { readCalendarDate, type CalendarDate } from '../time/calendar.ts'
import { readIncidentId } from './incident-option.ts'
import { withLibraryOrDesk } from './desk-server.ts'
import { libraryOption, operator } from './library-option.ts'
import { progressLine } from './progress.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

interface SearchOptions {
  readonly incident?: string
  readonly kind?: SearchKind
  readonly place?: string
  readonly from?: CalendarDate
  readonly to?: CalendarDate
  readonly status?: SearchStatus
  readonly limit: number
  readonly after?: string
  readonly reindex?: boolean
  readonly library?: string
  readonly json?: boolean
}

export function addSearch(program: Command, terminal: Terminal): void {
  program
    .command('search')
    .argument('[words...]', 'words that must all be there, "in this order", -not')
    .summary('find words across incidents')
    .description(
      'Finds words in titles, places, claims, quotes, questions, events, notes, stories and the text\n' +
        'of documents, in any language; accents and case do not matter, the last word may be its\n' +
        'beginning. Without words: the incidents that pass the rest.',
    )
    .option('--incident <id>', 'only in this incident')
    .addOption(new Option('--kind <kind>', 'only this').choices(searchKinds))
    .option('--place <words>', 'only where the incident’s place has these words')
    .option('--from <date>', 'what may have been then or later (EDTF)', readDate)
    .option('--to <date>', 'what may have been then or earlier (EDTF)', readDate)
    .addOption(new Option('--status <status>', 'only such incidents').choices(searchStatuses))
    .option('--limit <number>', 'how many at most, 1 to 100', readLimit, 20)
    .option('--after <next>', 'the page after, as the page before names it', readAfter)
    .option('--reindex', 'first make the whole index again')
    .option(...libraryOption)
    .option('--json', 'print the result as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sightline search seven shots
  sightline search --kind statement -- '"show your hands"' -once
  sightline search --place harbour --from 2026-06 --status open-questions`,
    )
    .action(async (words: readonly string[], options: SearchOptions) => {
      const incidents: Incidents =
        options.incident === undefined ? 'all' : [readIncidentId(options.incident)]
      const line = progressLine(terminal)
      const { kind, place, status, after, limit, from, to } = options
      const { hits, next } = await withLibraryOrDesk<SearchPage>(
        options.library,
        'search',
        {
          here: async (library) => {
            await indexLibrary(library, operator, line.show, { anew: options.reindex === true })
            const days = { earliest: from?.earliest, latest: to?.latest }
            const wish = { kind, place, status, after, limit, incidents, documentsOf: incidents }
            return library.read((reader) =>
              search(reader, { ...wish, ...days, words: words.join(' ') }),
            )
          },
          there: (desk) => {
            const wish = { kind, place, status, after, limit, incident: options.incident }
            const days = { from: from?.edtf, to: to?.edtf }
            return desk.ask('GET /search', { query: { ...wish, ...days, q: words.join(' ') } })
          },
        },
        true,
      )
      line.clear()
      if (options.json === true) {
        printJson(terminal, next === undefined ? { hits } : { hits, next })
        return
      }
      for (const hit of hits) terminal.out(shown(hit, terminal.color))
      if (hits.length === 0) terminal.out('Nothing found.\n')
      if (next !== undefined) terminal.out(`more: --after ${printable(next)}\n`)
    })
}

function shown(hit: SearchHit, color: boolean): string {
  const where = hit.item === undefined ? (hit.ref ?? '') : hit.item.slice(0, 12)
  const page = hit.page === undefined ? '' : `page ${hit.page}`
  const head = [hit.incident, hit.kind, where, page].filter((part) => part !== '').join(' ')
  const [open, close] = color ? ['\u001B[1m', '\u001B[22m'] : ['', '']
  let text = ''
  let at = 0
  for (const [from, to] of hit.marks) {
    text += flat(hit.text.slice(at, from)) + open + flat(hit.text.slice(from, to)) + close
    at = to
  }
  text += flat(hit.text.slice(at))
  return `${printable(head)}\n    ${hit.isCutBefore ? '… ' : ''}${text.trim()}${hit.isCutAfter ? ' …' : ''}\n`
}

const flat = (text: string): string => printable(text.replaceAll(/[\s\p{Zl}\p{Zp}]+/gu, ' '))

function readDate(text: string): CalendarDate {
  const date = text.length > 64 ? undefined : readCalendarDate(text)
  if (date === undefined) {
    throw new InvalidArgumentError(
      'It is no EDTF date; write e.g. 2026-05-17, 2026-05 or 2026-05~.',
    )
  }
  return date
}

function readAfter(text: string): string {
  if (searchCursor.test(text)) return text
  throw new InvalidArgumentError('It is not what a page before named.')
}

function readLimit(text: string): number {
  const limit = Number(text)
  if (/^\d{1,3}$/.test(text) && limit >= 1 && limit <= 100) return limit
  throw new InvalidArgumentError('Give a number from 1 to 100.')
}

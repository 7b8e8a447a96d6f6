import type { Element, ElementContent } from 'hast'
import { h } from 'hastscript'
import type { Names } from './align-report.ts'

/** What recordings are called, and which section a table stands in. */
export interface Place {
  readonly names: Names
  readonly section: string
}

export interface Column {
  readonly head: string
  /** Numbers, sentences, or words that stay on one line. */
  readonly kind?: 'n' | 'words' | 'short'
}

export type Cell = string | readonly (ElementContent | string)[]

/** A heading and a real table, which scrolls by itself where the screen is narrow. */
export function table(
  { section }: Place,
  caption: string,
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
): Element[] {
  const head = columns.map(({ head, kind }) =>
    h('th', { scope: 'col', className: classes(kind) }, head),
  )
  const body = rows.map((cells) =>
    h(
      'tr',
      cells.map((cell, index) =>
        index === 0
          ? h('th', { scope: 'row', className: classes(columns[0]?.kind) }, content(cell))
          : h('td', { className: classes(columns[index]?.kind) }, content(cell)),
      ),
    ),
  )
  const label = `${caption}, ${section}`
  // The heading stands outside, so that it stays in view where a narrow screen scrolls the table.
  return [
    h('h3', caption),
    h('section.scroll', { tabIndex: 0, ariaLabel: label }, [
      h('table', { ariaLabel: label }, [h('thead', [h('tr', head)]), h('tbody', body)]),
    ]),
  ]
}

function classes(kind: Column['kind']): string[] | undefined {
  return kind === undefined ? undefined : [kind]
}

function content(cell: Cell): (ElementContent | string)[] {
  return typeof cell === 'string' ? [cell] : [...cell]
}

/** Items with commas between. */
export function listed(
  items: readonly (readonly (ElementContent | string)[])[],
): (ElementContent | string)[] {
  return items.flatMap((item, index) => (index === 0 ? item : [', ', ...item]))
}

/** With a true minus sign, and none before a zero. */
export function signed(value: number, decimals: number): string {
  const text = Math.abs(value).toFixed(decimals)
  return value < 0 && Number(text) !== 0 ? `−${text}` : text
}

import type { Element } from 'hast'
import { s } from 'hastscript'
import type { Observation } from '../case/case-schema.ts'

export type Stance = 'asserts' | 'denies' | 'qualifies'

/** Circles for what is said, squares for what footage does: shape and words, never red and green. */
export function stanceMark(stance: Stance): Element {
  const ring = s('circle', { cx: 8, cy: 8, r: 6 })
  const inside: Readonly<Record<Stance, Element[]>> = {
    asserts: [s('circle.fill', { cx: 8, cy: 8, r: 6 })],
    denies: [ring],
    qualifies: [ring, s('path.fill', { d: 'M8 2a6 6 0 0 0 0 12z' })],
  }
  return mark(inside[stance])
}

export function judgementMark(judgement: Observation['judgement']): Element {
  const box = s('rect', { x: 2.5, y: 2.5, width: 11, height: 11 })
  const dashed = s('rect', { x: 2.5, y: 2.5, width: 11, height: 11, strokeDashArray: '2 2' })
  const inside: Readonly<Record<Observation['judgement'], Element[]>> = {
    shows: [s('rect.fill', { x: 2.5, y: 2.5, width: 11, height: 11 })],
    contradicts: [box, s('path', { d: 'M4.5 4.5l7 7m0-7l-7 7' })],
    'consistent with': [box, s('path.fill', { d: 'M2.5 13.5v-11l11 11z' })],
    'not visible': [box],
    'not covered': [dashed],
  }
  return mark(inside[judgement])
}

function mark(children: readonly Element[]): Element {
  return s('svg.mark', { viewBox: '0 0 16 16', width: 16, height: 16, ariaHidden: 'true' }, [
    ...children,
  ])
}

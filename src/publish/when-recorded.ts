import type { Element } from 'hast'
import { h } from 'hastscript'
import { cutSentence, recordedStretches } from './cuts.ts'
import { axis, bars } from './ruler.ts'
import { footageLabel } from './said.ts'
import { clockText } from './time-text.ts'
import { named, type StoryView } from './view.ts'

/** Each recording on one ruler, with gaps where it was cut; the same in words. */
export function whenRecorded(view: StoryView): Element | '' {
  const { material } = view
  const rows = material.clock.recordings
    .map((recording) => ({
      footage: recording.footage,
      stretches: recordedStretches(material, recording),
    }))
    .filter(({ stretches }) => stretches.length > 0)
  if (rows.length === 0) return ''
  const all = rows.flatMap(({ stretches }) => stretches)
  const ruler = {
    fromSeconds: Math.min(...all.map(({ fromSeconds }) => fromSeconds)),
    toSeconds: Math.max(...all.map(({ toSeconds }) => toSeconds)),
  }
  return h('div.when-recorded', [
    h('p.clock-note', 'When each recording ran, in the same seconds from zero.'),
    h('div.axis-row', axis(ruler, 4)),
    h(
      'ul.events',
      rows.map(({ footage, stretches }) =>
        h('li', [
          h('span.when', named(footageLabel(material, footage))),
          h('span.what', [
            h(
              'span.note',
              stretches
                .map(
                  ({ fromSeconds, toSeconds }) =>
                    `${clockText(fromSeconds)} to ${clockText(toSeconds)}`,
                )
                .join(', then '),
            ),
            h('span.note', cutSentence(material, footage) ?? ''),
          ]),
          bars(ruler, stretches),
        ]),
      ),
    ),
  ])
}

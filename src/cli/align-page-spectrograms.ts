import type { Element } from 'hast'
import { h, s } from 'hastscript'
import { spectrogramRangeDb } from '../examine/spectrogram.ts'
import { plusMinus } from '../time/text.ts'
import type { ImpulsePicture } from './align-impulse-pictures.ts'
import { axis, percent } from './align-page-picture.ts'
import { signed } from './align-page-table.ts'
import type { Names } from './align-report.ts'

/** How each sound that several recordings hear looks in each of them; the table above says it in words. */
export function spectrogramFigures(
  pictures: readonly ImpulsePicture[],
  soundCount: number,
  names: Names,
): Element[] {
  if (pictures.length === 0) {
    return [h('p.note', 'Without spectrograms: those of the groups above fill the page.')]
  }
  const which = pictures.length < soundCount ? `The first ${pictures.length} of these` : 'These'
  return [
    h('h3', 'Spectrograms of these sounds, recording beneath recording'),
    h(
      'p.note',
      `${which}, from 1 s before to 2 s after. Across: seconds on the clock, the same for all of one sound. Up: frequency from 0 to 4 kHz. The darker (on a dark page the lighter), the louder; each picture reaches ${spectrogramRangeDb} dB down from the loudest in it, so loudness is not to be compared between pictures. Ticks above and below: where this recording begins to hear the sound. Bar beneath: by how much the recording’s place on the clock, and with it the whole row, may be off. On the ruler: the sound’s time with its error. Beyond a cut of the recording there is nothing. What made a sound is not said by its picture.`,
    ),
    ...pictures.map((picture, index) => figure(picture, index + 1, names)),
  ]
}

function figure({ impulse, range, rows }: ImpulsePicture, number: number, names: Names): Element {
  const { clockSeconds, errorSeconds } = impulse
  const when = `${signed(clockSeconds, 3)} s ${plusMinus(errorSeconds)}`
  return h('figure.sound-figure', [
    h('figcaption', [h('strong', `Sound ${number}`), ` at ${when}`]),
    h('div.picture', [
      h('div.row.ruler-row', [
        h('span.name', 'seconds on the clock'),
        axis(range, [
          ...errorBar(range, clockSeconds, errorSeconds, 20),
          tick(percent(range, clockSeconds), 20, 27.5),
        ]),
      ]),
      ...rows.map(({ recording, png, heardAtSeconds, errorSeconds: rowError }) => {
        const label = `Spectrogram from ${signed(range.startSeconds, 3)} to ${signed(range.endSeconds, 3)} s on the clock; this recording hears sound ${number} at ${signed(heardAtSeconds, 3)} s, its place is known to ${plusMinus(rowError)}.`
        const x = percent(range, heardAtSeconds)
        return h('div.row', [
          h('span.name', [h('bdi', names.get(recording) ?? ''), h('span.path', '0 to 4 kHz')]),
          s('svg.spectrogram', { role: 'img', ariaLabel: label }, [
            s('image', {
              href: `data:image/png;base64,${png.toString('base64')}`,
              x: '0%',
              y: 6,
              width: '100%',
              height: 64,
              preserveAspectRatio: 'none',
            }),
            tick(x, 0, 6),
            tick(x, 70, 76),
            ...errorBar(range, heardAtSeconds, rowError, 78),
          ]),
        ])
      }),
    ]),
  ])
}

function tick(x: number, y1: number, y2: number): Element {
  return s('line.tick', { x1: `${x}%`, x2: `${x}%`, y1, y2 })
}

function errorBar(
  range: ImpulsePicture['range'],
  atSeconds: number,
  errorSeconds: number,
  y: number,
): Element[] {
  const from = percent(range, atSeconds - errorSeconds)
  const to = percent(range, atSeconds + errorSeconds)
  return to === from ? [] : [s('line.error', { x1: `${from}%`, x2: `${to}%`, y1: y, y2: y })]
}

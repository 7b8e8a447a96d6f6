/** The street of the example with one recording cut together: what happened first is left out of it. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository } from './command-line.ts'

const footage = join(repository, 'examples', 'harbour-street', 'footage')

/** Own time of the original that the balcony's file still holds; 12 s are left out. */
export const kept = [
  { fromSeconds: 0, toSeconds: 30 },
  { fromSeconds: 42, toSeconds: 62 },
] as const

const facts = `format: sightline-case/1
incident:
  id: cut-street
  title: A street in four recordings, one of them cut
  place: Harbour Street, Port Ellery (invented)
  timezone: Europe/Paris
  date: 2026-06-07
  zero: { footage: bakery, at: 35.120, label: first impulsive sound }
footage:
  - { id: bakery, file: footage/bakery.mp4, label: Bakery }
  - { id: tram-stop, file: footage/tram-stop.mov, label: Tram stop }
  - { id: car-park, file: footage/car-park.3gp, label: Car park }
  - { id: balcony, file: footage/balcony.mp4, label: Balcony }
sources:
  - { id: desk, name: The test desk, kind: organisation }
claims:
  - { id: car-stands, text: The car stood still. }
observations:
  - id: car-seen
    claim: car-stands
    by: Investigator
    date: 2026-06-09
    judgement: shows
    moment: { footage: balcony, from: 35, to: 36 }
events:
  - { id: first-bang, label: First impulsive sound, footage: bakery, at: 35.12, plus-minus-seconds: 0.02, kind: impulsive sound, decision: confirmed, by: Investigator }
  - { id: walking-off, label: Somebody walks off, footage: balcony, at: 35, plus-minus-seconds: 0.1 }
`

const exhibits = `
::composite[After the cut.]{id="angles" from="6" to="9" angles="bakery,balcony,tram-stop,car-park" sound="balcony"}

::still[After the cut.]{id="later" footage="balcony" at="35"}

::segment[After the cut.]{id="walk" footage="balcony" from="35" to="36"}

::segment[Across the cut.]{id="across" footage="balcony" from="29.5" to="30.5"}

::timeline

::claims
`

/** Across the cut of the balcony, which lies at about −7 to +5 s. */
export const acrossTheCut =
  '\n::composite[All of it.]{id="all" from="-9" to="6" angles="bakery,balcony"}\n'

export function writeCutStory(folder: string, more = ''): void {
  const story = `---
title: A street in four recordings
standfirst: One of them was cut.
byline: The test desk (every person, place and picture here is invented)
---

:::shows
A street.
:::
:::disputed
Nothing.
:::
:::unknown
Who cut it.
:::
${more}${exhibits}`
  writeFileSync(join(folder, 'story.md'), story)
}

export function writeCutCase(folder: string): void {
  mkdirSync(join(folder, 'footage'), { recursive: true })
  for (const name of ['bakery.mp4', 'tram-stop.mov', 'car-park.3gp'])
    copyFileSync(join(footage, name), join(folder, 'footage', name))
  cutTogether(join(footage, 'balcony.webm'), join(folder, 'footage', 'balcony.mp4'))
  writeFileSync(join(folder, 'case.yaml'), facts)
  writeCutStory(folder)
}

function cutTogether(original: string, edited: string): void {
  const trimmed = kept.map(({ fromSeconds: from, toSeconds: to }, index) =>
    [
      `[0:v]trim=${from}:${to},setpts=PTS-STARTPTS[v${index}]`,
      `[0:a]atrim=${from}:${to},asetpts=PTS-STARTPTS[a${index}]`,
    ].join(';'),
  )
  const pads = kept.map((_, index) => `[v${index}][a${index}]`).join('')
  const filter = `${trimmed.join(';')};${pads}concat=n=${kept.length}:v=1:a=1[v][a]`
  execFileSync(
    'ffmpeg',
    [
      ...'-nostdin -v error -y -i'.split(' '),
      original,
      '-filter_complex',
      filter,
      ...'-map [v] -map [a] -c:v libx264 -preset ultrafast -crf 22 -c:a aac'.split(' '),
      edited,
    ],
    { stdio: 'inherit' },
  )
}

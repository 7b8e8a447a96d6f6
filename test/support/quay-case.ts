/** A small invented case with a bit of everything, made anew where a test wants it. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { repository } from './command-line.ts'

const release = join(repository, 'examples', 'harbour-street', 'documents', 'press-release.pdf')

const facts = `format: sightline-case/1
incident:
  id: ferry-quay
  title: The gate at the ferry quay
  place: Ferry Quay, Port Ellery (invented)
  timezone: Europe/Paris
  date: 2026-06-07
footage:
  - { id: quay, file: footage/quay.mp4, label: Quay }
  - { id: bridge, file: footage/bridge.webm, label: Bridge }
photos:
  - { id: gate, file: photos/gate.png, label: The gate, alt: A test picture. }
documents:
  - { id: release, file: documents/release.pdf, title: Press release, received: 2026-06-08 }
  - { id: account, file: documents/account.txt, title: Account of Witness A, received: 2026-06-09 }
sources:
  - { id: police, name: Port Ellery Police, kind: authority }
  - { id: witness-a, name: Witness A, kind: witness }
accounts:
  - { id: release, source: police, date: 2026-06-08, document: release }
  - { id: account-a, source: witness-a, date: 2026-06-09, document: account }
claims:
  - { id: two-children, text: Two children were in the car. }
statements:
  - id: children
    account: release
    quote: Two children were in the vehicle at the time.
    on: [{ claim: two-children, stance: asserts }]
  - id: nobody-saw
    account: account-a
    quote: Nobody on the quay saw any children.
    on: [{ claim: two-children, stance: denies }]
`

/** What the story is like after so many changes: each has another still and other words. */
function story(edition: number): string {
  return `---
title: The gate at the ferry quay
standfirst: Two phones recorded it.
byline: The test desk (every person, place and picture here is invented)
---

:::shows
A test picture, edition ${edition}.
:::
:::disputed
How many children there were.
:::
:::unknown
Everything else.
:::

::composite[Both angles.]{id="angles" from="1" to="2.5" angles="quay,bridge" sound="quay"}

::slow-motion[Slowly.]{id="slow" footage="quay" from="4" to="5" speed="0.5" crop="0,0,160,90" enlarge="2"}

::still[One frame.]{id="one" footage="bridge" at="${3 + edition / 4}"}

::photo[The gate.]{id="gate" photo="gate"}

::facsimile[The release.]{id="release" document="release" statements="children"}

::quote{statement="nobody-saw"}

::claims

::contradictions
`
}

function ffmpeg(args: readonly string[]): void {
  execFileSync('ffmpeg', ['-nostdin', '-v', 'error', '-y', ...args], { stdio: 'inherit' })
}

/** Two recordings of 9 s that share 6.5 s of sound, a photo, a PDF, a text. */
export function writeQuayCase(folder: string): void {
  for (const name of ['footage', 'photos', 'documents']) {
    mkdirSync(join(folder, name), { recursive: true })
  }
  const sound =
    'anoisesrc=d=12:c=pink:r=48000:a=0.6:seed=7,tremolo=f=1.3:d=0.9,aformat=channel_layouts=mono'
  const from = (seconds: number): string[] => ['-ss', `${seconds}`, '-f', 'lavfi', '-i', sound]
  const picture = (source: string): string[] => ['-f', 'lavfi', '-i', source]
  ffmpeg([
    ...picture('testsrc2=size=320x180:rate=15:duration=9'),
    ...from(0),
    ...'-t 9 -c:v libx264 -preset ultrafast -pix_fmt yuv420p -c:a aac'.split(' '),
    join(folder, 'footage', 'quay.mp4'),
  ])
  ffmpeg([
    ...picture('testsrc=size=320x180:rate=12:duration=9'),
    ...from(2.5),
    ...'-t 9 -c:v libvpx -deadline realtime -cpu-used 8 -b:v 300k -c:a libopus'.split(' '),
    join(folder, 'footage', 'bridge.webm'),
  ])
  ffmpeg([...picture('testsrc=size=320x240'), '-frames:v', '1', join(folder, 'photos', 'gate.png')])
  copyFileSync(release, join(folder, 'documents', 'release.pdf'))
  const account = 'The gate stood open.\nNobody on the quay saw any children.\n'
  writeFileSync(join(folder, 'documents', 'account.txt'), account)
  writeFileSync(join(folder, 'case.yaml'), facts)
  writeStory(folder, 0)
}

/** Edition 0 to 20. */
export function writeStory(folder: string, edition: number): void {
  writeFileSync(join(folder, 'story.md'), story(edition))
}

/** The case's files, and four more for `ingest`: one of them damaged, one no media at all. */
export function writeLooseFiles(folder: string, caseFolder: string): readonly string[] {
  mkdirSync(folder, { recursive: true })
  const path = (name: string): string => join(folder, name)
  const source = (description: string): string[] => ['-f', 'lavfi', '-i', description]
  ffmpeg([
    ...source('testsrc=size=240x426:rate=24:duration=2'),
    ...source('sine=frequency=330:duration=2'),
    ...'-c:v mpeg4 -c:a aac -metadata:s:v rotate=90'.split(' '),
    path('tall.mov'),
  ])
  ffmpeg([
    ...source('sine=frequency=440:duration=3'),
    ...'-c:a libopus'.split(' '),
    path('voice.ogg'),
  ])
  const quay = join(caseFolder, 'footage', 'quay.mp4')
  writeFileSync(path('cut.mp4'), readFileSync(quay).subarray(0, 20_000))
  writeFileSync(path('list.m3u8.mp4'), '#EXTM3U\n#EXTINF:9,\nquay.mp4\n#EXT-X-ENDLIST\n')
  const ofCase = ['footage/bridge.webm', 'photos/gate.png', 'documents/release.pdf']
  return [
    ...['tall.mov', 'cut.mp4', 'voice.ogg', 'list.m3u8.mp4'].map(path),
    ...ofCase.map((name) => join(caseFolder, name)),
  ]
}

import type { Command } from 'commander'
import type { AlignedMember, AlignInput, Alignment } from '../align/alignment.ts'
import { containerEvidence } from '../align/calendar-time-container.ts'
import { calendarClaim, type CalendarClaim, type CalendarEvidence } from '../align/calendar-time.ts'
import { sampleRateHz } from '../align/sound-features.ts'
import { runAlignment } from '../jobs/run-alignment.ts'
import { readInstant } from '../time/instant.ts'
import { withOpenEnds } from '../time/pieced-clock.ts'
import { impulsesOf, printImpulses } from './align-impulses.ts'
import { refuseUnread, silentInputs, soundInputs } from './align-inputs.ts'
import { fingerprinted, openPairMemory } from './align-resume.ts'
import { alignJson } from './align-json.ts'
import { listenToAll, type Heard } from './align-listen.ts'
import { readAnchor, readTime } from './align-options.ts'
import type { AlignReport, ReportApart } from './align-report.ts'
import { printApartCalendars, printTable } from './align-table.ts'
import { timelineLines } from './align-timeline.ts'
import { refuseUnwritable, replaceFile } from './align-write.ts'
import { exitCodes } from './exit-codes.ts'
import { progressLine } from './progress.ts'
import { printJson, type Terminal } from './terminal.ts'

interface AlignOptions {
  readonly anchor?: readonly string[]
  readonly time?: readonly string[]
  readonly html?: string
  readonly resume?: string
  readonly json?: boolean
}

const repeated = (value: string, before: readonly string[] = []): readonly string[] => [
  ...before,
  value,
]

export function addAlign(
  program: Command,
  terminal: Terminal,
  finish: (code: number) => void,
): void {
  program
    .command('align')
    .argument('<files...>', 'recordings with sound')
    .summary('put recordings on one clock by their sound')
    .description(
      'Puts recordings on one clock by their sound, with error bars; those that share nothing stay ' +
        'apart, with the reason. Needs no library. clock = offsetSeconds + rate × own time.',
    )
    .option(
      '--anchor <a@s=b@s±e>',
      'one visual event seen in two of the files, e.g. a.mp4@12.3=b.mp4@4.56±0.02; may repeat',
      repeated,
    )
    .option(
      '--time <a@s=when±e>',
      'what time it was at a moment of a file (a clock in view, a broadcast, GPS), e.g. ' +
        'a.mp4@12.3=2026-06-07T17:02:10+02:00±1; may repeat',
      repeated,
    )
    .option('--html <file>', 'write a picture of it, one page that opens anywhere')
    .option(
      '--resume <file>',
      'keep what every two recordings say in this file, and go on from it after an interruption or ' +
        'with more recordings',
    )
    .option(
      '--json',
      'print groups, links, those apart, calendar time and impulsive sounds as JSON',
    )
    .addHelpText(
      'after',
      `
Own times are seconds of the file's own time, as ffprobe prints them; ± may be written +-.

Examples:
  sightline align examples/harbour-street/footage/*
  sightline align a.mp4 b.webm --anchor "a.mp4@12.3=b.webm@4.56±0.02" --json
  sightline align *.mp4 --html clock.html
  sightline align square/* --resume square.pairs
  sightline align a.mp4 b.mp4 --time "a.mp4@12.3=2026-06-07T17:02:10+02:00±1"`,
    )
    .action(async (files: readonly string[], options: AlignOptions) => {
      const paths = [...new Set(files)]
      const anchors = (options.anchor ?? []).map((text) => readAnchor(text, paths))
      const stated = (options.time ?? []).map((text) => readTime(text, paths))
      if (options.html !== undefined) await refuseUnwritable(options.html, paths)
      const memory = options.resume === undefined ? undefined : await openPairMemory(options.resume)
      const line = progressLine(terminal)
      const heard = await listenToAll(paths, (done, what) =>
        line.show({ step: 'Listening', done, total: paths.length, what }),
      )
      line.clear()
      refuseUnread(heard, anchors, stated)
      const inputs = soundInputs(heard)
      const silent = silentInputs(heard, anchors)
      const alignment = await runAlignment(
        [...(memory ? fingerprinted(inputs) : inputs), ...silent],
        { anchors, ...(memory ? { memory } : {}) },
        line.show,
        memory?.flush,
      )
      line.clear()
      const report: AlignReport = {
        ...placed(
          alignment,
          heard,
          [...inputs, ...silent],
          [...stated, ...heard.flatMap(fileTime)],
        ),
        reuploads: alignment.reuploads,
        impulses: impulsesOf(alignment, inputs),
        unheard: heard.flatMap(({ path, unheardSeconds: seconds }) =>
          seconds === undefined ? [] : [{ id: path, seconds }],
        ),
        spans: new Map(
          heard.flatMap(({ path, span }) => (span === undefined ? [] : [[path, span]])),
        ),
      }
      if (options.html !== undefined) {
        const { alignPage } = await import('./align-page.ts')
        const { impulsePictures } = await import('./align-impulse-pictures.ts')
        await replaceFile(options.html, alignPage(report, impulsePictures(report, inputs)))
      }
      for (const { samples } of heard) samples?.close()
      if (options.json === true) printJson(terminal, alignJson(report))
      else print(terminal, report)
      const refused = new Set(heard.flatMap(({ path, refused }) => (refused ? [path] : [])))
      const anyRefused = report.apart.some(({ id }) => refused.has(id))
      finish(anyRefused ? exitCodes.findings : exitCodes.ok)
    })
}

/** A recording that stands apart, on the clock of its own time. */
const ownClock = {
  rate: 1,
  pieces: [{ fromSeconds: -Infinity, toSeconds: Infinity, offsetSeconds: 0, errorSeconds: 0 }],
}

/** What a container says of its time, where that is a time. */
function fileTime({ path, span, containerTime }: Heard): readonly CalendarEvidence[] {
  if (span === undefined || containerTime === undefined) return []
  if (readInstant(containerTime) === undefined) return []
  return [containerEvidence({ recording: path, containerTime, ...span })]
}

function placed(
  alignment: Alignment,
  heard: readonly Heard[],
  inputs: readonly AlignInput[],
  evidence: readonly CalendarEvidence[],
): Pick<AlignReport, 'groups' | 'apart'> {
  const claimed = (calendar: CalendarClaim | undefined) =>
    calendar === undefined ? {} : { calendar }
  const onClocks = new Set(alignment.groups.flatMap(({ members }) => members.map(({ id }) => id)))
  const lengths = new Map(inputs.map(({ id, samples }) => [id, samples.length]))
  const openEnded = (member: AlignedMember): AlignedMember => ({
    ...member,
    pieces: withOpenEnds(member.pieces, (lengths.get(member.id) ?? 0) / sampleRateHz),
  })
  const refused = new Map(
    heard.flatMap(({ path, refused: why }): (readonly [string, ReportApart])[] =>
      why === undefined || onClocks.has(path) ? [] : [[path, { id: path, ...why }]],
    ),
  )
  return {
    groups: alignment.groups.map((group) => ({
      ...group,
      ...claimed(calendarClaim(group.members.map(openEnded), evidence)),
    })),
    apart: [...alignment.apart.filter(({ id }) => !refused.has(id)), ...refused.values()].map(
      (each) => ({
        ...each,
        ...claimed(calendarClaim([{ id: each.id, ...ownClock }], evidence)),
      }),
    ),
  }
}

function print(terminal: Terminal, report: AlignReport): void {
  printTable(terminal, report)
  if (report.groups.length > 0) terminal.out('\n')
  for (const line of timelineLines(report, terminal)) terminal.out(`${line}\n`)
  printApartCalendars(terminal, report)
  if (report.impulses.length > 0) terminal.out('\n')
  printImpulses(terminal, report.impulses)
}

import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { alignRecordings } from '../align/align-recordings.ts'
import type { AlignInput, Alignment, Anchor, ApartRecording } from '../align/alignment.ts'
import { probeRecording } from '../media/probe.ts'
import { sniffFile } from '../media/sniff.ts'
import { decodeSound8k } from '../media/sound.ts'
import { plusMinus } from '../time/text.ts'
import { impulsesAsJson, impulsesOf, printImpulses } from './align-impulses.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { progressLine } from './progress.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

interface AlignOptions {
  readonly anchor: readonly string[]
  readonly json?: boolean
}

interface NotAligned {
  readonly id: string
  readonly code: string
  readonly reason: string
}

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
      'Puts recordings on one clock by their sound, with error bars; those that share nothing stay\n' +
        'apart, with the reason. Needs no library. clock = offsetSeconds + rate × own time.',
    )
    .option(
      '--anchor <a@s=b@s±e>',
      'one visual event seen in two of the files, e.g. a.mp4@12.3=b.mp4@4.56±0.02; may repeat',
      (value: string, before: readonly string[]) => [...before, value],
      [] as readonly string[],
    )
    .option('--json', 'print groups, links, those apart and impulsive sounds as JSON')
    .addHelpText(
      'after',
      `
Examples:
  sightline align examples/harbour-street/footage/*
  sightline align a.mp4 b.webm --anchor "a.mp4@12.3=b.webm@4.56±0.02" --json`,
    )
    .action(async (files: readonly string[], options: AlignOptions) => {
      const paths = [...new Set(files)]
      const anchors = options.anchor.map((text) => readAnchor(text, paths))
      const line = progressLine(terminal)
      const inputs: AlignInput[] = []
      const unheard: NotAligned[] = []
      for (const [index, path] of paths.entries()) {
        line.show({ step: 'Listening', done: index, total: paths.length, what: path })
        const heard = await listen(path)
        if ('samples' in heard) inputs.push(heard)
        else unheard.push(heard)
      }
      const alignment = alignRecordings(inputs, {
        anchors: anchors.filter((anchor) =>
          [anchor.a.id, anchor.b.id].every((id) => inputs.some((input) => input.id === id)),
        ),
        onProgress: (done, total) => line.show({ step: 'Aligning', done, total }),
      })
      line.clear()
      const apart = [...alignment.apart, ...unheard]
      const impulses = impulsesOf(alignment, inputs)
      if (options.json === true) {
        printJson(terminal, { ...asJson(alignment, apart), impulses: impulsesAsJson(impulses) })
      } else {
        printTable(terminal, alignment, apart)
        printImpulses(terminal, impulses)
      }
      finish(unheard.length > 0 ? exitCodes.findings : exitCodes.ok)
    })
}

async function listen(path: string): Promise<AlignInput | NotAligned> {
  const facts = await stat(path).catch(() => undefined)
  if (facts?.isFile() !== true) {
    throw new CommandError('file-missing', `${path} is no file; check the path`, exitCodes.failed)
  }
  const sniffed = await sniffFile(path)
  if (sniffed.kind !== 'recording') {
    const reason =
      sniffed.kind === 'other'
        ? sniffed.finding.message
        : `it is a ${sniffed.kind}, not a recording`
    return { id: path, code: 'not-a-recording', reason }
  }
  const probed = await probeRecording(path, sniffed)
  if (probed.facts.kind !== 'recording') {
    const problem = probed.findings.find((finding) => finding.severity === 'problem')
    return {
      id: path,
      code: problem?.code ?? 'unreadable-media',
      reason: problem?.message ?? 'it cannot be read',
    }
  }
  if (probed.facts.sound === undefined)
    return { id: path, code: 'no-audio', reason: 'The recording has no sound.' }
  return { id: path, samples: await decodeSound8k(path, probed.facts) }
}

function readAnchor(text: string, paths: readonly string[]): Anchor {
  const usage = (reason: string): CommandError =>
    new CommandError(
      'usage',
      `--anchor "${text}": ${reason}; write a.mp4@12.3=b.mp4@4.56±0.02`,
      exitCodes.usage,
    )
  const match = /^(.+)@(-?[\d.]+)=(.+)@(-?[\d.]+)(?:±|\+-)([\d.]+)$/.exec(text)
  if (match === null) throw usage('is not understood')
  const [, a = '', atA = '', b = '', atB = '', error = ''] = match
  const find = (name: string): string => {
    const found = paths.filter((path) => path === name || path.endsWith(`/${name}`))
    if (found.length !== 1)
      throw usage(`"${name}" is ${found.length === 0 ? 'none' : 'more than one'} of the files`)
    return found[0] ?? name
  }
  const [aSeconds, bSeconds, errorSeconds] = [Number(atA), Number(atB), Number(error)]
  if (![aSeconds, bSeconds, errorSeconds].every(Number.isFinite) || errorSeconds <= 0)
    throw usage('has a time that is no number')
  const ends = { a: { id: find(a), atSeconds: aSeconds }, b: { id: find(b), atSeconds: bSeconds } }
  if (ends.a.id === ends.b.id) throw usage('joins a recording with itself')
  return { ...ends, errorSeconds }
}

function asJson(alignment: Alignment, apart: readonly (ApartRecording | NotAligned)[]) {
  return {
    groups: alignment.groups.map(({ members, links }) => ({
      members: members.map(({ id, ...member }) => ({ path: id, ...member })),
      links,
    })),
    apart: apart.map(({ id, code, reason }) => ({ path: id, code, reason })),
    reuploads: alignment.reuploads.map(({ id, ...reupload }) => ({ path: id, ...reupload })),
  }
}

function printTable(
  terminal: Terminal,
  alignment: Alignment,
  apart: readonly (ApartRecording | NotAligned)[],
): void {
  const say = (text: string): void => terminal.out(`${text}\n`)
  for (const [index, { members }] of alignment.groups.entries()) {
    const width = Math.max(...members.map(({ id }) => printable(id).length))
    say(`Group ${index + 1}: ${members.length} recordings on one clock`)
    say(`  ${'recording'.padEnd(width)}     offset s    drift ppm  error`)
    for (const { id, offsetSeconds, rate, errorSeconds, method } of members) {
      const drift = ((rate - 1) * 1e6).toFixed(1)
      say(
        `  ${printable(id).padEnd(width)} ${offsetSeconds.toFixed(4).padStart(12)} ${drift.padStart(12)}  ${plusMinus(errorSeconds)}  by ${method}`,
      )
    }
  }
  if (apart.length > 0) say('Apart:')
  for (const { id, code, reason } of apart)
    say(`  ${printable(id)}: ${printable(reason)} [${code}]`)
}

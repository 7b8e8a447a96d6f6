import { stat } from 'node:fs/promises'
import type { Command } from 'commander'
import { bundleFolder } from '../jobs/bundle-folder.ts'
import { reproduceBundle, type ReproduceReport } from '../jobs/reproduce-bundle.ts'
import { verifyBundle } from '../verify/verify-bundle.ts'
import type { VerifyReport } from '../verify/report.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { progressLine } from './progress.ts'
import { printable, printJson, type Terminal } from './terminal.ts'

interface VerifyOptions {
  readonly key?: string
  readonly reproduce?: boolean
  readonly originals?: string
  readonly json?: boolean
}

export function addVerify(
  program: Command,
  terminal: Terminal,
  finish: (code: number) => void,
): void {
  program
    .command('verify')
    .argument('<bundle>', 'folder of a published story')
    .summary('recheck a published story, offline')
    .description(
      'Rechecks a story bundle on its own, without a library or a network: every file, record,\n' +
        'receipt and signature. Lists every finding with its code.',
    )
    .option(
      '--key <vkey>',
      'trust only this log key (the line in proof/log/key.vkey, from elsewhere)',
    )
    .option(
      '--reproduce',
      'also render every exhibit again from the originals and compare the frames',
    )
    .option('--originals <folder>', 'where the originals are, under any names')
    .option('--json', 'print the report as JSON')
    .addHelpText(
      'after',
      `
Exit codes: 0 no findings, 3 findings, 1 could not run, 2 usage.

Examples:
  sightline verify harbour-street-bundle
  sightline verify bundle --json
  sightline verify bundle --reproduce --originals examples/harbour-street/footage`,
    )
    .action(async (bundle: string, options: VerifyOptions) => {
      finish(await verify(bundle, options, terminal))
    })
}

async function verify(bundle: string, options: VerifyOptions, terminal: Terminal): Promise<number> {
  if ((options.reproduce === true) !== (options.originals !== undefined)) {
    throw new CommandError(
      'usage',
      '--reproduce and --originals <folder> belong together',
      exitCodes.usage,
    )
  }
  const facts = await stat(bundle).catch(() => undefined)
  if (facts?.isDirectory() !== true) {
    throw new CommandError(
      'bundle-missing',
      `${printable(bundle)} is not a folder; give the folder that holds index.html and proof/`,
      exitCodes.failed,
    )
  }
  const line = progressLine(terminal)
  const reader = bundleFolder(bundle)
  const report = await verifyBundle(reader, {
    ...(options.key === undefined ? {} : { trustedKey: options.key }),
    onProgress: (done: number, total: number) => line.show({ step: 'Checking', done, total }),
  })
  // Recipes of a bundle that does not hold together are a stranger's: they are not run.
  const reproduced =
    options.originals === undefined || !report.ok
      ? undefined
      : await reproduceBundle(bundle, options.originals, line.show)
  line.clear()
  if (options.json === true)
    printJson(terminal, { ...report, ...(reproduced === undefined ? {} : { reproduced }) })
  else printReport(terminal, report, reproduced, options.reproduce === true)
  return report.ok && (reproduced?.findings.length ?? 0) === 0 ? exitCodes.ok : exitCodes.findings
}

function printReport(
  terminal: Terminal,
  report: VerifyReport,
  reproduced: ReproduceReport | undefined,
  asked: boolean,
): void {
  const { facts, findings } = report
  const say = (text: string): void => terminal.out(`${text}\n`)
  if (report.ok) say(`No findings in ${facts.files} files and ${facts.entries} opened records.`)
  else say(`${findings.length} ${findings.length === 1 ? 'finding' : 'findings'}:`)
  for (const { code, path, message } of findings) {
    say(`  ${code}${path === undefined ? '' : `  ${path}`}\n      ${message}`)
  }
  if (facts.incident !== undefined) {
    say(
      `Incident ${facts.incident}, revision ${facts.revision ?? '?'}, published ${facts.publishedAt ?? '?'}.`,
    )
  }
  if (facts.keyId !== undefined) {
    say(
      `Log ${facts.origin ?? '?'}, key ${facts.keyId}${facts.keyPinned ? ' (the one you named)' : ''}.`,
    )
  }
  if (reproduced !== undefined) {
    say(
      `Rendered again: ${reproduced.identical} of ${reproduced.exhibits} files give identical frames.`,
    )
    for (const { code, path, message } of reproduced.findings)
      say(`  ${code}  ${path}\n      ${message}`)
  } else if (asked) say('Nothing was rendered again: a bundle with findings is not reproduced.')
  for (const sentence of report.shows) say(`Shown: ${sentence}`)
  for (const sentence of report.doesNotShow) say(`Not shown: ${sentence}`)
}

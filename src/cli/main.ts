import { Command, CommanderError } from 'commander'
import { CaseError } from '../case/problem.ts'
import { version } from '../jobs/version.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { printable, printJson, processTerminal } from './terminal.ts'

const terminal = processTerminal()
let code: number = exitCodes.ok
const finish = (exitCode: number): void => {
  code = exitCode
}

// A reader that closes its end (head, less) has seen enough.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  process.exit(error.code === 'EPIPE' ? code : exitCodes.failed)
})
process.once('SIGINT', () => process.exit(exitCodes.interrupted))
process.once('SIGTERM', () => process.exit(exitCodes.interrupted))

const program = new Command('sightline')
  .description('A desk for contested incidents caught on bystander video.')
  .version(version)
  .exitOverride()
  .showHelpAfterError('(add --help for examples)')
  .configureOutput({
    outputError: (text, write) => write(`sightline: ${printable(text.trimEnd())}\n`),
  })
  .addHelpText(
    'after',
    `
Examples:
  ./sightline                                         open the desk
  ./sightline publish examples/harbour-street --out story
  ./sightline verify story
  ./sightline test

Exit codes: 0 ok, 1 failed, 2 usage, 3 findings, 130 interrupted.`,
  )

/** Loading them all takes most of a short command's time; only help needs every one. */
const commands = {
  serve: async () => (await import('./serve.ts')).addServe,
  ingest: async () => (await import('./ingest.ts')).addIngest,
  import: async () => (await import('./import.ts')).addImport,
  link: async () => (await import('./link.ts')).addLink,
  tips: async () => (await import('./tips.ts')).addTips,
  collect: async () => (await import('./collect.ts')).addCollect,
  align: async () => (await import('./align.ts')).addAlign,
  publish: async () => (await import('./publish.ts')).addPublish,
  worker: async () => (await import('./worker.ts')).addWorker,
  jobs: async () => (await import('./jobs.ts')).addJobs,
  verify: async () => (await import('./verify.ts')).addVerify,
  people: async () => (await import('./people.ts')).addPeopleCommand,
  search: async () => (await import('./search.ts')).addSearch,
  fsck: async () => (await import('./fsck.ts')).addFsck,
  move: async () => (await import('./move.ts')).addMove,
}
const named = Object.entries(commands).filter(([name]) => name === process.argv[2])
for (const [, load] of named.length > 0 ? named : Object.entries(commands)) {
  const add = await load()
  add(program, terminal, finish)
}

try {
  // The default command would take it for an argument of its own.
  const [first = '--'] = process.argv.slice(2)
  if (!first.startsWith('-') && first !== 'help' && named.length === 0) {
    throw new CommandError(
      'usage',
      `there is no command "${first}"; see sightline --help`,
      exitCodes.usage,
    )
  }
  await program.parseAsync(process.argv)
} catch (error) {
  code = report(error)
}
// Everything written must have left before the process does.
process.stdout.write('', () => process.exit(code))

function report(error: unknown): number {
  if (error instanceof CommanderError) {
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage
  }
  const json = process.argv.includes('--json')
  const errorCode = codeOf(error)
  const message = error instanceof Error ? error.message : String(error)
  if (json) {
    const problems = error instanceof CaseError ? { problems: error.problems } : {}
    printJson(terminal, { error: { code: errorCode, message, ...problems } })
  }
  for (const line of message.split('\n')) terminal.err(`sightline: ${printable(line)}\n`)
  if (!(error instanceof CaseError)) terminal.err(`sightline: [${printable(errorCode)}]\n`)
  if (errorCode === 'internal' && error instanceof Error) {
    for (const line of (error.stack ?? '').split('\n')) terminal.err(`${printable(line)}\n`)
  }
  return error instanceof CommandError ? error.exitCode : exitCodes.failed
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code
  return 'internal'
}

import type { Command } from 'commander'
import { openJobQueue } from '../queue/job-queue.ts'
import { startWorker } from '../queue/worker.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'
import { libraryFolder, libraryOption, openOptions, withLibrary } from './library-option.ts'
import { processLog } from './process-log.ts'
import { printable, type Terminal } from './terminal.ts'
import { concurrencyOption, logQueueErrors, readConcurrency, workerLog } from './worker-log.ts'

/** What runs so long after the signal to stop is given back. */
const graceSeconds = 20

export function addWorker(program: Command, terminal: Terminal): void {
  program
    .command('worker')
    .summary('do jobs, beside others, for a library on a PostgreSQL server')
    .description(
      'Does what waits: collects files from the web, examines items, aligns, publishes, rehashes. As many\n' +
        'workers as wanted share a library whose tables are on a PostgreSQL server (DATABASE_URL); those\n' +
        'on one machine share its processor cores. Told to stop (SIGTERM, Ctrl-C) it finishes what it\n' +
        `can in ${graceSeconds} seconds and gives back the rest.`,
    )
    .option(...concurrencyOption)
    .option(...libraryOption)
    .addHelpText(
      'after',
      `
Examples:
  DATABASE_URL=postgres://desk@db.internal/sightline sightline worker --library /srv/library
  sightline worker --concurrency 2`,
    )
    .action(async (options: { readonly concurrency?: string; readonly library?: string }) => {
      const settings = readConcurrency(options.concurrency)
      const log = processLog(terminal)
      if (openOptions('worker').databaseUrl === undefined) {
        throw new CommandError(
          'embedded-library',
          'a library that keeps its tables in its own folder has no workers of its own: `sightline serve` ' +
            'does the work. Where a PostgreSQL server has the tables, name it with DATABASE_URL',
          exitCodes.usage,
        )
      }
      const work = async (library: Parameters<typeof openJobQueue>[0]): Promise<void> => {
        const queue = await openJobQueue(library, { tends: true })
        logQueueErrors(queue, log)
        const worker = await startWorker(queue, { ...settings, onEvent: workerLog(log) })
        terminal.out(`library  ${printable(libraryFolder(options.library))}\n`)
        terminal.out('worker   ready; stop with Ctrl-C\n')
        await toldToStop()
        await worker.stop(graceSeconds)
        await queue.close()
        terminal.out('worker   stopped\n')
      }
      await withLibrary(options.library, 'worker', work, true)
    })
}

/** A second signal ends at once. */
function toldToStop(): Promise<void> {
  return new Promise((resolve) => {
    process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM')
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.once(signal, () => {
        process.removeAllListeners('SIGINT').removeAllListeners('SIGTERM')
        resolve()
      })
    }
  })
}

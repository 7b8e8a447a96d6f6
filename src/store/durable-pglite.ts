/**
 * PGlite that keeps what it acknowledges.
 *
 * As shipped PGlite starts PostgreSQL with `-F` (no fsync), its file system has
 * no fsync at all, and its `fdatasync` is a no-op. Here `stream_ops.fsync` of
 * Emscripten's NODEFS calls the real one (PostgreSQL opens folders for it too),
 * and WAL goes through `fsync`. These are internals of 0.5.16; the self-test in
 * embedded-database.ts notices when they move.
 */
import { setFlagsFromString } from 'node:v8'

import { PGlite } from '@electric-sql/pglite'
import { NodeFS } from '@electric-sql/pglite/nodefs'

import { endProcess, syncDescriptor } from './durable.ts'

/** The part of Emscripten's NODEFS that is used here. */
interface NodeFileSystem {
  realPath(node: unknown): string
  readonly stream_ops: {
    fsync?: (stream: { readonly nfd: number; readonly node: unknown }) => void
  }
}

/** How often the write-ahead log has been synced since the start. */
interface SyncCount {
  wal: number
}

class SyncingNodeFS extends NodeFS {
  readonly #count: SyncCount

  constructor(folder: string, count: SyncCount) {
    super(folder)
    this.#count = count
  }

  override async init(...[pglite, options]: Parameters<NodeFS['init']>) {
    const result = await super.init(pglite, options)
    const preRun = result.emscriptenOpts.preRun ?? []
    result.emscriptenOpts.preRun = [...preRun, (module) => this.#sync(module.NODEFS)]
    return result
  }

  #sync(files: NodeFileSystem): void {
    files.stream_ops.fsync = (stream) => {
      const path = files.realPath(stream.node)
      syncDescriptor(stream.nfd, path)
      if (path.includes('/pg_wal/')) this.#count.wal++
    }
  }
}

export interface DurablePGlite {
  readonly pglite: PGlite
  readonly syncs: Readonly<SyncCount>
}

// A command ends before optimised WebAssembly has paid for its making: without it
// opening a library takes half the processor time. `--liftoff-only` says the same
// to a process that has not started yet; to this one it takes both flags.
setFlagsFromString('--no-wasm-dynamic-tiering')
setFlagsFromString('--no-wasm-tier-up')
// Each function is validated when it is first compiled, not all of PostgreSQL at every start.
setFlagsFromString('--wasm-lazy-validation')

const settings = [
  'fsync=on',
  'synchronous_commit=on',
  'full_page_writes=on',
  'wal_sync_method=fsync',
  // Readying PGlite's 128 MB takes a fifth of a start, and every library opens with one.
  'shared_buffers=16MB',
  // Its timer would outlive a failed start and keep the process from ending.
  'log_startup_progress_interval=0',
]

/**
 * Starts PostgreSQL on a folder, creating the cluster when the folder has none.
 *
 * Rejects with PostgreSQL's own last words when it does not start. When it gives
 * up later (PANIC, as when the write-ahead log finds the disk full) the process
 * ends: PGlite would leave the caller waiting for ever, and what was committed
 * is recovered at the next start.
 */
export async function startDurablePGlite(folder: string): Promise<DurablePGlite> {
  const syncs: SyncCount = { wal: 0 }
  let started = false
  let lastWords: string | undefined
  const listen = (line: string): boolean => {
    const [, words] = /(?:FATAL|PANIC): +(.*)/.exec(line) ?? []
    if (words === undefined) return false
    if (started && line.includes('PANIC: ')) endProcess('the database stopped', new Error(words))
    lastWords = words
    return false
  }
  const pglite = new PGlite({
    fs: new SyncingNodeFS(folder, syncs),
    startParams: [
      ...PGlite.defaultStartParams.filter((parameter) => parameter !== '-F'),
      ...settings.flatMap((setting) => ['-c', setting]),
    ],
    // A new segment of the log is written whole: 4 MB instead of 16 need to be free.
    initDbStartParams: ['--wal-segsize=4'],
    onStderr: listen,
  })
  try {
    await pglite.waitReady
  } catch (cause) {
    if (lastWords === undefined) throw cause
    throw new DatabaseStartError(lastWords, { cause })
  }
  started = true
  return { pglite, syncs }
}

/** PostgreSQL gave up before it was ready; the message is its own. */
class DatabaseStartError extends Error {
  override readonly name = 'DatabaseStartError'
  /** As a system call would have said it, where that can be told. */
  readonly code: 'ENOSPC' | undefined

  constructor(lastWords: string, options: { cause: unknown }) {
    super(lastWords, options)
    this.code = lastWords.endsWith('No space left on device') ? 'ENOSPC' : undefined
  }
}

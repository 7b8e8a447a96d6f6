/**
 * The program that alone goes out to the web, started by `fetch-in-process.ts`
 * in a sandbox without any file of this machine: reads what to fetch from
 * standard input, writes the file to standard output and to descriptor 3, line by
 * line, how long it is to be and what became of it.
 */
import { lookup } from 'node:dns/promises'
import { writeSync } from 'node:fs'
import { isIP } from 'node:net'
import { json } from 'node:stream/consumers'

import { EgressError } from './egress-error.ts'
import { fetchFile } from './fetch-file.ts'
import type { FetchLimits, FetchReport } from './fetch-file.ts'

export interface EgressRequest extends FetchLimits {
  readonly address: string
}

type EgressAnswer =
  | { readonly kind: 'fetched'; readonly report: FetchReport }
  | { readonly kind: 'refused'; readonly code: EgressError['code']; readonly message: string }

/** Before the answer, on a line of its own, where the server says it. */
interface Announcement {
  readonly sizeBytes: number
}

const internet = {
  resolve: async (host: string) =>
    isIP(host) === 0 ? (await lookup(host, { all: true })).map(({ address }) => address) : [host],
  route: () => ({}),
}

const answer = await run()
writeSync(3, JSON.stringify(answer))
// A connection that is being ended would keep the program.
process.exit(0)

async function run(): Promise<EgressAnswer> {
  const { address, ...limits } = (await json(process.stdin)) as EgressRequest
  try {
    const report = await fetchFile(address, limits, internet, write, announce)
    return { kind: 'fetched', report }
  } catch (error) {
    if (!(error instanceof EgressError)) throw error
    return { kind: 'refused', code: error.code, message: error.message }
  }
}

function announce(sizeBytes: number): void {
  writeSync(3, `${JSON.stringify({ sizeBytes } satisfies Announcement)}\n`)
}

function write(chunk: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    process.stdout.write(chunk, (error) => (error ? reject(error) : resolve()))
  })
}

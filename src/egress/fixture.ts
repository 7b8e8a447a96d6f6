/**
 * For tests, a lab: real TLS servers on this machine stand for the internet, public
 * addresses are routed to them, and names resolve as the test says.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import type { RequestListener } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'

import { fetchFile, type Network } from './fetch-file.ts'
import type { fetchInProcess } from './fetch-in-process.ts'

const folder = mkdtempSync(join(tmpdir(), 'sightline-egress-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

/** A certificate for a name, signed by itself. */
function certificateFor(name: string): { readonly key: string; readonly cert: string } {
  const [key, cert] = [join(folder, `${name}.key`), join(folder, `${name}.crt`)]
  const subject = `/CN=${name}`
  const more = ['-addext', `subjectAltName=DNS:${name}`, '-days', '2', '-nodes']
  const made = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1']
  execFileSync('openssl', [...made, '-subj', subject, ...more, '-keyout', key, '-out', cert], {
    stdio: 'ignore',
  })
  return { key: readFileSync(key, 'utf8'), cert: readFileSync(cert, 'utf8') }
}

const certificate = certificateFor('news.example')
export const publicAddress = '93.184.216.34'

/** The network of a test: what each name resolves to, look by look, and what answers. */
export async function lab(
  answer: RequestListener,
  names: Readonly<Record<string, readonly (readonly string[])[]>> = {},
) {
  const server = createServer(certificate, answer)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  const { port } = server.address() as AddressInfo
  const looked: string[] = []
  const dialled: string[] = []
  const network: Network = {
    resolve: (host) => {
      const looks = names[host] ?? [[publicAddress]]
      const look = looked.filter((name) => name === host).length
      looked.push(host)
      const found = looks[Math.min(look, looks.length - 1)]
      return found === undefined ? Promise.reject(new Error('ENOTFOUND')) : Promise.resolve(found)
    },
    route: (address) => {
      dialled.push(address)
      return { host: '127.0.0.1', port, ca: certificate.cert }
    },
  }
  return { network, looked, dialled }
}

/** The egress process's part played in this one, in a network of the test. */
export async function labFetch(
  answer: (...asked: Parameters<RequestListener>) => unknown,
): Promise<typeof fetchInProcess> {
  const { network } = await lab((...asked) => void answer(...asked))
  return ({ address, ...limits }, onAnnounced) => {
    const body = new PassThrough()
    const take = async (chunk: Buffer): Promise<void> => void body.write(chunk)
    const report = fetchFile(address, limits, network, take, onAnnounced)
    report.catch(() => undefined).finally(() => body.end())
    async function* whole(): AsyncGenerator<Uint8Array> {
      yield* body as AsyncIterable<Buffer>
      await report
    }
    return { body: whole(), report, stop: () => body.destroy() }
  }
}

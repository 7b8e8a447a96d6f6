/**
 * Fetches one file from the web: GET over TLS, redirects followed by hand. Every
 * name is resolved once for each hop; all its addresses must be public, and the
 * connection goes to one of those that were looked at, whatever the name says a
 * moment later.
 */
import { request } from 'node:https'
import type { IncomingMessage } from 'node:http'
import { isIP } from 'node:net'
import type { TLSSocket } from 'node:tls'

import { EgressError } from './egress-error.ts'
import { assertPublic, hostOf, readTarget } from './target.ts'

/** The network, passed in so that tests can be one. */
export interface Network {
  /** Addresses of a name, or the address itself. */
  resolve(host: string): Promise<readonly string[]>
  /** Where connections to an address really go, and whom to trust there; `{}` for the internet. */
  route(address: string): {
    readonly host?: string
    readonly port?: number
    readonly ca?: string
  }
}

export interface FetchLimits {
  readonly maxBytes: number
  /** For everything together. */
  readonly seconds: number
}

/** One answer that led on. */
export interface Hop {
  readonly address: string
  readonly status: number
  readonly location: string
}

/** What is known of a file that was fetched whole. */
export interface FetchReport {
  /** Where the file came from in the end. */
  readonly address: string
  readonly hops: readonly Hop[]
  readonly peerAddress: string
  /** SHA-256 of the server's certificate, upper-case hex with colons. */
  readonly certificateSha256: string
  readonly tlsProtocol: string
  readonly status: number
  /** As they came, in order: name, value. */
  readonly headers: readonly (readonly [string, string])[]
  readonly sizeBytes: number
}

const mostHops = 5
const redirects = new Set([301, 302, 303, 307, 308])
const largestHeaderBytes = 32_768
/** A server that keeps still so long is given up. */
const silentMilliseconds = 30_000

/** @throws EgressError; then what `onBody` was given is not the file */
export async function fetchFile(
  address: string,
  limits: FetchLimits,
  network: Network,
  onBody: (chunk: Buffer) => Promise<void>,
  onAnnounced: (sizeBytes: number) => void = () => undefined,
): Promise<FetchReport> {
  const signal = AbortSignal.timeout(limits.seconds * 1000)
  const hops: Hop[] = []
  let url = readTarget(address)
  try {
    for (;;) {
      const answer = await ask(url, network, signal)
      const status = answer.statusCode ?? 0
      const { location } = answer.headers
      if (redirects.has(status) && location !== undefined) {
        answer.destroy()
        hops.push({ address: url.href, status, location })
        if (hops.length > mostHops) {
          throw new EgressError('too-many-redirects', `it leads on more than ${mostHops} times`)
        }
        url = readTarget(asWritten(location), url)
        continue
      }
      if (status !== 200) {
        answer.destroy()
        throw new EgressError(
          'refused-by-server',
          `the server answers ${status} instead of the file`,
        )
      }
      const { peerAddress, certificateSha256, tlsProtocol } = peerOf(answer)
      assertBounded(answer, limits.maxBytes, onAnnounced)
      const sizeBytes = await receive(answer, limits.maxBytes, signal, onBody)
      const headers = pairsOf(answer.rawHeaders)
      const peer = { peerAddress, certificateSha256, tlsProtocol }
      return { address: url.href, hops, ...peer, status, headers, sizeBytes }
    }
  } catch (error) {
    if (error instanceof EgressError) throw error
    if (signal.aborted) {
      const message = `it took longer than ${limits.seconds} seconds`
      throw new EgressError('too-slow', message, { cause: error })
    }
    const { code } = error as NodeJS.ErrnoException
    throw new EgressError(
      'not-reachable',
      `${hostOf(url)} cannot be reached (${code ?? 'broken off'})`,
      {
        cause: error,
      },
    )
  }
}

async function ask(url: URL, network: Network, signal: AbortSignal): Promise<IncomingMessage> {
  const host = hostOf(url)
  const addresses = await network.resolve(host).catch((cause: unknown) => {
    throw new EgressError('name-not-found', `there is no server named ${host}`, { cause })
  })
  // One private address among public ones is how a name is made to lead astray.
  for (const each of addresses) assertPublic(each, host)
  let last: unknown = new EgressError('name-not-found', `there is no server named ${host}`)
  for (const address of addresses) {
    try {
      return await askAt(address, url, network, signal)
    } catch (error) {
      if (signal.aborted) throw error
      last = error
    }
  }
  throw last
}

function askAt(
  address: string,
  url: URL,
  network: Network,
  signal: AbortSignal,
): Promise<IncomingMessage> {
  const host = hostOf(url)
  const { host: dialled = address, port = 443, ca } = network.route(address)
  return new Promise((resolve, reject) => {
    const asked = request({
      agent: false,
      // An address, so that nothing is looked up again.
      host: dialled,
      servername: isIP(host) === 0 ? host.replace(/\.$/, '') : '',
      port,
      path: `${url.pathname}${url.search}`,
      signal,
      timeout: silentMilliseconds,
      maxHeaderSize: largestHeaderBytes,
      minVersion: 'TLSv1.2',
      headers: {
        host: url.host,
        accept: '*/*',
        // Bytes are kept as they come.
        'accept-encoding': 'identity',
        'user-agent': 'sightline (+collects evidence for the public record)',
      },
      ...(ca === undefined ? {} : { ca }),
    })
    asked.once('response', resolve)
    asked.once('error', reject)
    asked.once('timeout', () => asked.destroy(tooSilent()))
    // As after 101, which is neither of both.
    asked.once('close', () => reject(new Error('closed without an answer')))
    asked.end()
  })
}

const tooSilent = (): EgressError =>
  new EgressError('too-slow', `the server says nothing for ${silentMilliseconds / 1000} seconds`)

/** Node reads headers as Latin-1; what was written in UTF-8 is read so. */
function asWritten(header: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(header, 'latin1'))
  } catch {
    return header
  }
}

const tooLarge = (maxBytes: number): EgressError =>
  new EgressError('too-large', `it is larger than ${maxBytes} bytes`)

function assertBounded(
  answer: IncomingMessage,
  maxBytes: number,
  onAnnounced: (sizeBytes: number) => void,
): void {
  const announced = answer.headers['content-length']
  if (announced === undefined && answer.headers['transfer-encoding'] === undefined) {
    answer.destroy()
    // RFC 9112, 9.8: without either nobody can tell an end from a break.
    throw new EgressError('incomplete', 'the server does not say where the file ends')
  }
  if (announced === undefined) return
  if (Number(announced) > maxBytes) {
    answer.destroy()
    throw tooLarge(maxBytes)
  }
  onAnnounced(Number(announced))
}

async function receive(
  answer: IncomingMessage,
  maxBytes: number,
  signal: AbortSignal,
  onBody: (chunk: Buffer) => Promise<void>,
): Promise<number> {
  let sizeBytes = 0
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      sizeBytes += chunk.length
      if (sizeBytes > maxBytes) throw tooLarge(maxBytes)
      await onBody(chunk)
    }
  } catch (cause) {
    // Node ends an answer that stops before its announced length in this way.
    if (signal.aborted || (cause as NodeJS.ErrnoException).code !== 'ECONNRESET') throw cause
    throw new EgressError('incomplete', 'the connection broke before the file was whole', { cause })
  }
  if (!answer.complete || sizeBytes === 0) {
    throw new EgressError(
      'incomplete',
      sizeBytes === 0 ? 'the server sends nothing' : 'the file did not come whole',
    )
  }
  return sizeBytes
}

/** Asked before the body: afterwards the connection may be gone. */
function peerOf(
  answer: IncomingMessage,
): Pick<FetchReport, 'peerAddress' | 'certificateSha256' | 'tlsProtocol'> {
  const socket = answer.socket as TLSSocket
  return {
    peerAddress: socket.remoteAddress ?? '',
    certificateSha256: socket.getPeerCertificate().fingerprint256,
    tlsProtocol: socket.getProtocol() ?? '',
  }
}

function pairsOf(raw: readonly string[]): [string, string][] {
  return Array.from({ length: raw.length / 2 }, (_, index) => [
    raw[2 * index] ?? '',
    raw[2 * index + 1] ?? '',
  ])
}

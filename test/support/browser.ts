import { createReadStream } from 'node:fs'
import { mkdir, stat, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { dirname, extname, join, normalize, sep } from 'node:path'
import { chromium, type Browser, type BrowserContext } from 'playwright-core'
import type { BundleFile } from '../../src/case/bundle.ts'

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  })
}

export interface RequestLog {
  readonly addresses: readonly string[]
  /** Requests that left the origin; a test asserts that there are none. */
  readonly foreign: readonly string[]
}

/** Every request of a context, sorted into those to `origin` and those elsewhere, which are refused. */
export async function logRequests(context: BrowserContext, origin: string): Promise<RequestLog> {
  const addresses: string[] = []
  const foreign: string[] = []
  await context.route('**/*', (route) => {
    const address = route.request().url()
    addresses.push(address)
    if (address.startsWith(`${origin}/`)) return route.continue()
    foreign.push(address)
    return route.abort()
  })
  return { addresses, foreign }
}

const mediaTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.vtt': 'text/vtt',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.mp4': 'video/mp4',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
}

export interface StaticServer {
  /** `http://127.0.0.1:<port>` */
  readonly origin: string
  readonly close: () => Promise<void>
}

/** Serves a folder as any plain web server would: byte ranges, no listing. `policy` is a Content-Security-Policy. */
export async function serveFolder(folder: string, policy?: string): Promise<StaticServer> {
  const server = createServer((request, response) => {
    void answer().catch(() => response.writeHead(404).end())
    async function answer() {
      const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname)
      const file = normalize(join(folder, path === '/' ? 'index.html' : path))
      if (!file.startsWith(folder + sep)) throw new Error('outside the folder')
      const { size } = await stat(file)
      const headers = {
        'content-type': mediaTypes[extname(file)] ?? 'application/octet-stream',
        'accept-ranges': 'bytes',
        ...(policy === undefined ? {} : { 'content-security-policy': policy }),
      }
      const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? []
      if (from === undefined) {
        response.writeHead(200, { ...headers, 'content-length': size })
        createReadStream(file).pipe(response)
        return
      }
      const start = Number(from)
      const end = to === '' || to === undefined ? size - 1 : Math.min(Number(to), size - 1)
      response.writeHead(206, {
        ...headers,
        'content-length': end - start + 1,
        'content-range': `bytes ${start}-${end}/${size}`,
      })
      createReadStream(file, { start, end }).pipe(response)
    }
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return {
    origin: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}

/** Writes a bundle's files to a folder. */
export async function writeBundle(
  folder: string,
  files: readonly BundleFile[],
  blobs: ReadonlyMap<string, Uint8Array>,
): Promise<void> {
  for (const file of files) {
    const path = join(folder, file.path)
    await mkdir(dirname(path), { recursive: true })
    const bytes = 'bytes' in file ? file.bytes : blobs.get(file.blob)
    if (bytes === undefined) throw new Error(`no blob for ${file.path}`)
    await writeFile(path, bytes)
  }
}

import { copyFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'
import { rolldown } from 'rolldown'
import type { AlignInput, Alignment, AlignOptions } from '../../src/align/alignment.ts'
import { packageRoot } from '../../src/jobs/package-root.ts'

/** What the worker's page needs and nothing more: its own files, and WebAssembly in the worker. */
export const alignWorkerPolicy =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'"

const stage = (file: string) => JSON.stringify(join(packageRoot, 'src', 'align', file))
const workerSource = `
import { alignRecordings } from ${stage('align-recordings.ts')}
import { cos, exp, log } from ${stage('exact-math.ts')}
onmessage = ({ data: { inputs, options, numbers } }) =>
  postMessage(
    inputs
      ? alignRecordings(inputs, options)
      : [numbers.map(log), numbers.map(exp), numbers.map(cos)],
  )
postMessage('ready')`

/** Writes an empty page, the engine as a worker's module, and its WebAssembly beside it. */
export async function writeAlignWorker(folder: string): Promise<void> {
  const build = await rolldown({
    input: 'align-worker',
    platform: 'browser',
    external: ['module'],
    logLevel: 'silent',
    plugins: [
      {
        name: 'align-worker',
        resolveId: (id) => (id === 'align-worker' ? id : null),
        load: (id) => (id === 'align-worker' ? workerSource : null),
      },
    ],
  })
  const { output } = await build.generate({ format: 'esm' })
  await build.close()
  await writeFile(join(folder, 'align-worker.js'), output[0].code)
  const pffft = fileURLToPath(import.meta.resolve('@echogarden/pffft-wasm/simd'))
  await copyFile(join(pffft, '..', 'pffft.wasm'), join(folder, 'pffft.wasm'))
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>One clock</title>')
}

/** `alignRecordings` in a worker of the page; samples are fetched from `<id>.f32`, as bytes. */
export function alignInWorker(
  page: Page,
  inputs: readonly Omit<AlignInput, 'samples'>[],
  options: AlignOptions,
): Promise<Alignment> {
  return page.evaluate<Alignment>(
    inWorker(`{
      options: ${JSON.stringify(options)},
      inputs: await Promise.all(${JSON.stringify(inputs)}.map(async (input) => {
        const bytes = await (await fetch('/' + input.id + '.f32')).arrayBuffer()
        return { ...input, samples: new Float32Array(bytes) }
      })),
    }`),
  )
}

/** Logarithms, exponentials and cosines of the numbers in a worker of the page. */
export function exactMathInWorker(page: Page, numbers: readonly number[]): Promise<number[][]> {
  return page.evaluate<number[][]>(inWorker(`{ numbers: ${JSON.stringify(numbers)} }`))
}

function inWorker(message: string): string {
  return `(async () => {
    const message = ${message}
    const worker = new Worker('/align-worker.js', { type: 'module' })
    return await new Promise((resolve, reject) => {
      worker.onerror = ({ message: reason }) => reject(new Error(reason))
      worker.onmessage = ({ data }) =>
        data === 'ready' ? worker.postMessage(message) : resolve(data)
    }).finally(() => worker.terminate())
  })()`
}

/**
 * Compiles each `kernels/source/` to the `kernels-wasm.ts` beside it, which is
 * kept in the repository, so that no compiler is needed to run. A test compiles it anew.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const common = '-O3 --converge --noAssert --use abort= --enable simd'
/** What has an allocator of its own, and what gets four pages and no more. */
const optionsOf = {
  'src/align/kernels': `${common} --runtime minimal`,
  'src/examine/kernels': `${common} --runtime stub --initialMemory 4 --maximumMemory 4`,
}
export const kernelFolders = Object.keys(optionsOf) as KernelFolder[]
type KernelFolder = keyof typeof optionsOf

/** Its types would declare AssemblyScript's globals for all of the program. */
interface Compiler {
  main(
    args: readonly string[],
    options: { writeFile(name: string, content: string | Uint8Array): void },
  ): Promise<{ readonly error: Error | null; readonly stderr: { toString(): string } }>
}
const compiler = 'assemblyscript/asc'

/** The module's text. Throws with what the compiler said. */
export async function compileKernels(folder: KernelFolder): Promise<string> {
  let binary: Uint8Array | undefined
  const { default: asc } = (await import(compiler)) as { readonly default: Compiler }
  const { error, stderr } = await asc.main(
    [
      `${folder}/source/index.ts`,
      '--baseDir',
      root,
      '--outFile',
      'out.wasm',
      ...optionsOf[folder].split(' '),
    ],
    {
      writeFile(_, content) {
        if (typeof content !== 'string') binary = content
      },
    },
  )
  if (error || binary === undefined) throw new Error(stderr.toString(), { cause: error })
  return [
    '/** Made by scripts/build-kernels.ts from source/: do not edit. */',
    `export const kernelsWasm =\n  '${Buffer.from(binary).toString('base64')}'`,
    '',
  ].join('\n')
}

if (import.meta.main) {
  for (const folder of kernelFolders) {
    await writeFile(join(root, folder, 'kernels-wasm.ts'), await compileKernels(folder))
  }
}

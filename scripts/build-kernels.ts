/**
 * Compiles `src/align/kernels/source/` to `src/align/kernels/kernels-wasm.ts`, which is
 * kept in the repository, so that no compiler is needed to run. A test compiles it anew.
 */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const options = '-O3 --converge --noAssert --runtime minimal --use abort= --enable simd'

/** Its types would declare AssemblyScript's globals for all of the program. */
interface Compiler {
  main(
    args: readonly string[],
    options: { writeFile(name: string, content: string | Uint8Array): void },
  ): Promise<{ readonly error: Error | null; readonly stderr: { toString(): string } }>
}
const compiler = 'assemblyscript/asc'

/** The module's text. Throws with what the compiler said. */
export async function compileKernels(): Promise<string> {
  let binary: Uint8Array | undefined
  const { default: asc } = (await import(compiler)) as { readonly default: Compiler }
  const { error, stderr } = await asc.main(
    [
      'src/align/kernels/source/index.ts',
      '--baseDir',
      root,
      '--outFile',
      'out.wasm',
      ...options.split(' '),
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
  await writeFile(join(root, 'src/align/kernels/kernels-wasm.ts'), await compileKernels())
}

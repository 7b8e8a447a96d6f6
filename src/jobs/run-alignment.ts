import { setImmediate } from 'node:timers/promises'
import { alignStepwise } from '../align/align-recordings.ts'
import type { AlignInput, Alignment, AlignOptions, AlignProgress } from '../align/alignment.ts'
import type { Progress } from './progress.ts'

/** The engine gives way to everything else after so long. */
const turnMilliseconds = 50

const steps: Record<AlignProgress['step'], string> = {
  hearing: 'Hearing',
  comparing: 'Comparing',
  measuring: 'Measuring',
  piecing: 'Piecing',
}

/**
 * Runs the engine in turns, so that a server goes on answering. Throws the signal's
 * reason once it is aborted; what the engine held is given back.
 */
export async function runAlignment(
  inputs: readonly AlignInput[],
  options: AlignOptions,
  progress: Progress,
  signal?: AbortSignal,
): Promise<Alignment> {
  const work = alignStepwise(inputs, options)
  let turnEnds = performance.now() + turnMilliseconds
  for (;;) {
    const next = work.next()
    if (next.done === true) return next.value
    const { step, done, total } = next.value
    progress({ step: steps[step], done, total })
    if (performance.now() < turnEnds) continue
    await setImmediate()
    if (signal?.aborted) {
      work.return(undefined as never)
      signal.throwIfAborted()
    }
    turnEnds = performance.now() + turnMilliseconds
  }
}

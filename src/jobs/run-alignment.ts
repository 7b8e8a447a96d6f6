import { setImmediate } from 'node:timers/promises'
import { alignStepwise } from '../align/align-recordings.ts'
import type { AlignInput, Alignment, AlignOptions, AlignProgress } from '../align/alignment.ts'
import type { Progress } from './progress.ts'

/** Raised when the engine's results may differ, so that old results are not taken for new ones. */
export const engineVersion = 'sightline-align/9'

/** The engine gives way to everything else after so long. */
const turnMilliseconds = 50

const steps: Record<AlignProgress['step'], string> = {
  hearing: 'Hearing',
  comparing: 'Comparing',
  measuring: 'Measuring',
  piecing: 'Piecing',
}

/**
 * Runs the engine in turns, so that a server goes on answering, and does something after
 * each, such as writing down what was found. Where that throws, the engine stops and gives
 * its memory back.
 */
export async function runAlignment(
  inputs: readonly AlignInput[],
  options: AlignOptions,
  progress: Progress,
  afterTurn?: () => Promise<void>,
): Promise<Alignment> {
  const work = alignStepwise(inputs, options)
  let turnEnds = performance.now() + turnMilliseconds
  try {
    for (;;) {
      const next = work.next()
      if (next.done === true) {
        await afterTurn?.()
        return next.value
      }
      const { step, done, total } = next.value
      progress({ step: steps[step], done, total })
      if (performance.now() < turnEnds) continue
      await afterTurn?.()
      await setImmediate()
      turnEnds = performance.now() + turnMilliseconds
    }
  } finally {
    work.return(undefined as never)
  }
}

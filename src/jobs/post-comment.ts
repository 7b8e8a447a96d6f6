import { addComments, mostAtOnce, type NewComment } from '../store/comments.ts'
import type { Library } from '../store/library.ts'
import { StoreError } from '../store/store-error.ts'
import type { Agent } from '../store/store.ts'

interface Waiting {
  readonly comment: NewComment
  readonly kept: () => void
  readonly failed: (error: unknown) => void
}

/**
 * Takes comments in as they come. Those that arrive while an act is being committed are the next act
 * together: a busy hour costs a few acts a second, and each answer waits until its comment is durable.
 */
export function commentIntake(
  library: Library,
  agent: Agent,
): (comment: NewComment) => Promise<void> {
  let waiting: Waiting[] = []
  let isRunning = false

  const keep = async (batch: readonly Waiting[]): Promise<void> => {
    const comments = batch.map(({ comment }) => comment)
    await library.transact(agent, (tx) => addComments(tx, comments))
    for (const { kept } of batch) kept()
  }

  const run = async (): Promise<void> => {
    isRunning = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, mostAtOnce)
      waiting = waiting.slice(batch.length)
      try {
        await keep(batch)
      } catch (error) {
        // What one of them brought about is not for the others to bear.
        const isOfOne = batch.length > 1 && !(error instanceof StoreError)
        for (const each of batch)
          await (isOfOne ? keep([each]).catch(each.failed) : each.failed(error))
      }
    }
    isRunning = false
  }

  return (comment) =>
    new Promise((kept, failed) => {
      waiting.push({ comment, kept, failed })
      if (!isRunning) void run()
    })
}

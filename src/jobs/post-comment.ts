import { addComments, mostAtOnce, type NewComment } from '../store/comments.ts'
import type { Library } from '../store/library.ts'
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

  const run = async (): Promise<void> => {
    isRunning = true
    while (waiting.length > 0) {
      const batch = waiting.slice(0, mostAtOnce)
      waiting = waiting.slice(batch.length)
      try {
        await library.transact(agent, (tx) =>
          addComments(
            tx,
            batch.map(({ comment }) => comment),
          ),
        )
        for (const { kept } of batch) kept()
      } catch (error) {
        for (const { failed } of batch) failed(error)
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

/** Ends the media programs of one piece of work, however deep in it they are started. */
import { AsyncLocalStorage } from 'node:async_hooks'

const signals = new AsyncLocalStorage<AbortSignal>()

/** While `work` goes on every media program that it starts is ended by the signal. */
export function endedBy<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  return signals.run(signal, work)
}

export const currentSignal = (): AbortSignal | undefined => signals.getStore()

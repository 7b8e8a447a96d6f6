/**
 * One piece of work at a time on each upload in this program, by whichever intake:
 * nothing is taken in while it is still open for writing.
 */
const last = new Map<string, Promise<unknown>>()

/** Begins when all that was asked for before has ended. */
export function inTurn<T>(id: string, work: () => Promise<T>): Promise<T> {
  const mine = (last.get(id) ?? Promise.resolve()).then(work)
  const ended = mine
    .catch(() => undefined)
    .then(() => {
      if (last.get(id) === ended) last.delete(id)
    })
  last.set(id, ended)
  return mine
}

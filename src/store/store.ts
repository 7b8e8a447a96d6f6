/**
 * Who may read and who may write. `read` hands out a Reader on one snapshot,
 * `transact` a Transactor: functions that change something ask for the latter,
 * so the type says it. Every act is one transaction, the change and its custody
 * entry, or neither.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

import { sql as raw } from 'kysely'
import type { Kysely, Transaction } from 'kysely'

import { BlobLeaving, assertNoneLeaving } from './leaving-blobs.ts'
import type { Schema } from './schema.ts'
import { assertRoom } from './room.ts'
import { StoreError, databaseError, diskError } from './store-error.ts'

/** The world outside, passed in so that tests can fix it. */
export interface Effects {
  now(): Date
  /** Cryptographically random. */
  randomBytes(lengthBytes: number): Uint8Array
}

/** Who acts, with what, as custody records say it. */
export interface Agent {
  /** A role or a pseudonym, never a name. */
  readonly actor: string
  /** Program and version, such as `sightline 0.1.0`. */
  readonly tool: string
}

export interface Reader {
  readonly sql: Pick<Kysely<Schema>, 'selectFrom'>
}

export interface Transactor extends Reader {
  readonly sql: Transaction<Schema>
  readonly agent: Agent
  /** When the act happens, RFC 3339: one moment for all its rows and entries. */
  readonly at: string
  readonly effects: Effects
  /** Indexes of the custody entries that this transaction has appended. */
  readonly appended: number[]
}

export interface Store {
  /**
   * Runs reads on one snapshot.
   * @throws StoreError `nested-transaction`
   */
  read<T>(act: (reader: Reader) => Promise<T>): Promise<T>
  /**
   * Runs one query, which is a snapshot by itself: a third of the way to the database and back. What
   * asks more than one wants `read`.
   * @throws StoreError `nested-transaction`
   */
  readOne<T>(query: (reader: Reader) => Promise<T>): Promise<T>
  /**
   * `readOne` of what acts change, by a key. Where no other program acts, it is asked once between
   * two acts: an answer is never older than the last act that was acknowledged.
   */
  remembered<T>(query: (reader: Reader, key: string) => Promise<T>): (key: string) => Promise<T>
  /**
   * Runs one act. Rolls back when it throws, or when it appends no entry to the
   * custody log.
   * @throws StoreError `nested-transaction`, `no-custody-entry`, `storage-full`
   */
  transact<T>(agent: Agent, act: (tx: Transactor) => Promise<T>): Promise<T>
  /**
   * For what can be computed again from the originals (facts, checkpoints) and is no act.
   * @throws StoreError `nested-transaction`, `storage-full`
   */
  transactWithoutEntry<T>(agent: Agent, act: (tx: Transactor) => Promise<T>): Promise<T>
}

/** Any number will do that nothing else locks in this database. */
const actsLock = 7_444_800_001

/** Until the transaction ends no other act begins, in any program. */
export async function takeActsLock(sql: Transaction<Schema>): Promise<void> {
  await raw`select pg_advisory_xact_lock(${actsLock})`.execute(sql)
}

/**
 * `folder` is where the library lies. `assertCurrent`, of a database that others open too: throws
 * where it is no longer the library's.
 */
export function openStore(
  kysely: Kysely<Schema>,
  folder: string,
  effects: Effects,
  assertCurrent?: (sql: Transaction<Schema>) => Promise<void>,
  hasBlob: (sha256: string) => Promise<boolean> = () => Promise.resolve(false),
): Store {
  const current = new AsyncLocalStorage<{ running: boolean }>()
  let actsBegun = 0

  /** The embedded database has one connection: a second transaction inside one would wait for ever. */
  const alone = async <T>(run: () => Promise<T>): Promise<T> => {
    if (current.getStore()?.running === true) {
      throw new StoreError(
        'nested-transaction',
        'A transaction was begun inside another one. Use the transaction that is open.',
      )
    }
    const transaction = { running: true }
    try {
      return await current.run(transaction, run)
    } catch (error) {
      throw databaseError(diskError(error, folder))
    } finally {
      transaction.running = false
    }
  }

  /** Of this program's acts one at a time takes a connection: those that wait leave some for readers. */
  let before: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(run: () => Promise<T>): Promise<T> => {
    const mine = before.then(run)
    before = mine.catch(() => undefined)
    return mine
  }

  /** What is there after it went has been put again. */
  const write = async <T>(
    agent: Agent,
    act: (tx: Transactor) => Promise<T>,
    entryRequired: boolean,
  ): Promise<T> => {
    for (;;) {
      try {
        return await writeOnce(agent, act, entryRequired)
      } catch (error) {
        if (!(error instanceof BlobLeaving) || !error.isGone) throw error
        const { sha256 } = error
        if (!(await hasBlob(sha256))) throw error
        await writeOnce(
          agent,
          ({ sql }) =>
            sql
              .deleteFrom('leaving_blob')
              .where('sha256', '=', sha256)
              .where('gone_at', 'is not', null)
              .execute(),
          false,
        )
      }
    }
  }

  const writeOnce = <T>(
    agent: Agent,
    act: (tx: Transactor) => Promise<T>,
    entryRequired: boolean,
  ): Promise<T> =>
    alone(async () => {
      await assertRoom(folder)
      return inTurn(() =>
        kysely
          .transaction()
          .setIsolationLevel('read committed')
          .execute(async (sql) => {
            // Acts come one after the other, from however many programs: the log has one order, no
            // two take an index or find a row not yet there, none waits for another in a circle.
            await takeActsLock(sql)
            // The embedded database has one connection: who asks from here on waits for the end.
            actsBegun++
            await assertCurrent?.(sql)
            const appended: number[] = []
            const at = effects.now().toISOString()
            const result = await act({ sql, agent, at, effects, appended })
            if (entryRequired && appended.length === 0) {
              throw new StoreError(
                'no-custody-entry',
                'An act left no entry in the custody log and was rolled back.',
              )
            }
            await assertNoneLeaving(sql)
            return result
          }),
      )
    })

  const readOne = <T>(query: (reader: Reader) => Promise<T>): Promise<T> =>
    alone(() => query({ sql: kysely }))

  const remembered = <T>(query: (reader: Reader, key: string) => Promise<T>) => {
    const known = new Map<string, T>()
    let knownAt = actsBegun
    return async (key: string): Promise<T> => {
      const askedAt = actsBegun
      if (knownAt !== askedAt) known.clear()
      knownAt = askedAt
      const before = known.get(key)
      if (before !== undefined) return before
      const found = await readOne((reader) => query(reader, key))
      // Others act too: what is so now need not be so the next time.
      if (assertCurrent === undefined && actsBegun === askedAt) known.set(key, found)
      return found
    }
  }

  return {
    read: (act) =>
      alone(() =>
        kysely
          .transaction()
          .setIsolationLevel('repeatable read')
          .setAccessMode('read only')
          .execute((sql) => act({ sql })),
      ),
    readOne,
    remembered,
    transact: (agent, act) => write(agent, act, true),
    transactWithoutEntry: (agent, act) => write(agent, act, false),
  }
}

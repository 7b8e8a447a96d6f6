/**
 * Statements of others (pg-boss) on the library's own connections; values as everywhere here.
 * Embedded, where there is one connection, they wait until a transaction that is open has
 * ended: they must not be awaited inside one.
 */
import type pg from 'pg'

export type ExecuteSql = (text: string, values?: unknown[]) => Promise<{ rows: unknown[] }>

export function statementsOn(pool: pg.Pool): ExecuteSql {
  return async (text, values) => {
    const client = await pool.connect()
    let broken: Error | undefined
    try {
      const result: pg.QueryResult | pg.QueryResult[] = await client.query(text, values)
      // Several statements at once have several results.
      return Array.isArray(result)
        ? { rows: result.flatMap(({ rows }) => rows as unknown[]) }
        : result
    } catch (error) {
      // One may have left a transaction that it began; the embedded connection is never replaced.
      await client.query('rollback').catch((failure: Error) => (broken = failure))
      throw error
    } finally {
      client.release(broken)
    }
  }
}

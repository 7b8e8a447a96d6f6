/**
 * Every row of every table from one database into another that has the same
 * tables and no rows: by PostgreSQL's own text of each value, which is exact for
 * the types used here, whatever the two versions. All or nothing.
 */
import { sql } from 'kysely'
import type { Kysely, Transaction } from 'kysely'

import type { Schema } from './schema.ts'
import { StoreError } from './store-error.ts'

const mostRowsAtOnce = 500
/** The frame times of an hour of footage are a megabyte. */
const mostBytesAtOnce = 16 * 2 ** 20

interface Column {
  readonly name: string
  readonly type: string
  readonly isIdentity: boolean
}

interface Table {
  readonly name: string
  readonly columns: readonly Column[]
  readonly refersTo: readonly string[]
}

/** How many rows a table has, and a hash over them that does not depend on their order. */
interface TableSum {
  readonly table: string
  readonly rows: number
  readonly md5: string
  /** Of one row. */
  readonly largestBytes: number
}

/**
 * Copies, and compares both sides. No act may go on in the source meanwhile, and its transaction
 * must be allowed to idle. `last` is part of the target's transaction.
 * @throws StoreError `library-mismatch` where the target has rows or the copy differs
 */
export async function copyTables(
  source: Transaction<Schema>,
  to: Kysely<Schema>,
  last: (target: Transaction<Schema>) => Promise<void>,
  onProgress: (done: number, total: number) => void,
): Promise<readonly TableSum[]> {
  return to.transaction().execute(async (target) => {
    for (const side of [source, target]) await sql`set local timezone to 'UTC'`.execute(side)
    // While the one side works the other waits; the source's act has its own.
    await sql`set local idle_in_transaction_session_timeout to 0`.execute(target)
    const tables = inOrder(await readTables(source))
    await assertEmpty(target, tables)
    const sums: TableSum[] = []
    for (const table of tables) sums.push(await sumOf(source, table))
    const total = sums.reduce((sum, { rows }) => sum + rows, 0)
    let done = 0
    for (const [index, table] of tables.entries()) {
      const largest = sums[index]?.largestBytes ?? 0
      await copyTable(source, target, table, largest, (rows) => onProgress((done += rows), total))
    }
    for (const [index, table] of tables.entries()) {
      const copied = await sumOf(target, table)
      if (copied.md5 === sums[index]?.md5 && copied.rows === sums[index].rows) continue
      throw new StoreError(
        'library-mismatch',
        `The table ${table.name} came out differently on the other side. Nothing was moved.`,
      )
    }
    await last(target)
    return sums
  })
}

async function readTables(source: Transaction<Schema>): Promise<Table[]> {
  const { rows } = await sql<Table>`
    select relname::text as name,
      (
        select json_agg(
          json_build_object(
            'name', attname,
            'type', format_type(atttypid, atttypmod),
            'isIdentity', attidentity <> ''
          ) order by attnum
        )
        from pg_attribute
        where attrelid = pg_class.oid and attnum > 0 and not attisdropped and attgenerated = ''
      ) as columns,
      array(
        select distinct target.relname::text
        from pg_constraint join pg_class as target on target.oid = confrelid
        where conrelid = pg_class.oid and contype = 'f' and confrelid <> conrelid
      ) as "refersTo"
    from pg_class
    where relnamespace = current_schema()::regnamespace and relkind = 'r'
      and relname not like 'kysely_%'
    order by relname`.execute(source)
  return rows
}

/** What is referred to comes first. */
function inOrder(tables: readonly Table[]): Table[] {
  const placed = new Set<string>()
  const ordered: Table[] = []
  while (ordered.length < tables.length) {
    const next = tables.filter(
      ({ name, refersTo }) => !placed.has(name) && refersTo.every((other) => placed.has(other)),
    )
    if (next.length === 0) throw new Error('tables refer to each other in a circle')
    for (const table of next) placed.add(table.name)
    ordered.push(...next)
  }
  return ordered
}

async function assertEmpty(target: Transaction<Schema>, tables: readonly Table[]): Promise<void> {
  for (const { name } of tables) {
    const { rows } = await sql`select from ${sql.table(name)} limit 1`.execute(target)
    if (rows.length === 0) continue
    throw new StoreError(
      'library-mismatch',
      'The database that the tables were to be moved to holds a library already. Name an empty one.',
    )
  }
}

async function copyTable(
  source: Transaction<Schema>,
  target: Transaction<Schema>,
  { name, columns }: Table,
  largestBytes: number,
  onRows: (rows: number) => void,
): Promise<void> {
  const names = columns.map((column) => sql.ref(column.name))
  const fitting = Math.floor(mostBytesAtOnce / Math.max(1, largestBytes))
  const rowsAtOnce = Math.max(1, Math.min(mostRowsAtOnce, fitting))
  const texts = sql.join(columns.map((column) => sql`${sql.ref(column.name)}::text`))
  await sql`declare moving no scroll cursor for select ${texts} from ${sql.table(name)}`.execute(
    source,
  )
  for (;;) {
    const { rows } = await sql<Record<string, string | null>>`
      fetch ${sql.lit(rowsAtOnce)} from moving`.execute(source)
    if (rows.length === 0) break
    const values = columns.map((column) => sql`${rows.map((row) => row[column.name])}::text[]`)
    const typed = columns.map(
      (column) => sql`moved.${sql.ref(column.name)}::${sql.raw(column.type)}`,
    )
    await sql`
      insert into ${sql.table(name)} (${sql.join(names)}) overriding system value
      select ${sql.join(typed)} from unnest(${sql.join(values)}) as moved (${sql.join(names)})
    `.execute(target)
    onRows(rows.length)
  }
  await sql`close moving`.execute(source)
  for (const column of columns.filter(({ isIdentity }) => isIdentity)) {
    const highest = sql`(select coalesce(max(${sql.ref(column.name)}), 0) from ${sql.table(name)})`
    await sql`
      select setval(pg_get_serial_sequence(${name}, ${column.name}), ${highest} + 1, false)
    `.execute(target)
  }
}

async function sumOf(side: Transaction<Schema>, { name, columns }: Table): Promise<TableSum> {
  const texts = sql.join(columns.map((column) => sql`${sql.ref(column.name)}::text`))
  const { rows } = await sql<{ rows: number; md5: string; largest: number }>`
    select count(*)::int as rows,
      coalesce(max(octet_length(row)), 0)::int as largest,
      md5(coalesce(string_agg(md5(row), '' order by md5(row) collate "C"), '')) as md5
    from (select row(${texts})::text as row from ${sql.table(name)}) as written`.execute(side)
  const [sum] = rows
  return {
    table: name,
    rows: sum?.rows ?? 0,
    md5: sum?.md5 ?? '',
    largestBytes: sum?.largest ?? 0,
  }
}

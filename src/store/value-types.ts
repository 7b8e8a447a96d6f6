import pg from 'pg'

const int8 = 20
const timestamptz = 1184

/** bigint as a safe integer, timestamptz as RFC 3339 in UTC; everything else as pg does it. */
export function valueTypes(): pg.CustomTypesConfig {
  const types = new pg.TypeOverrides()
  types.setTypeParser(int8, parseSafeInteger)
  types.setTypeParser(timestamptz, (text) => new Date(text).toISOString())
  return types
}

function parseSafeInteger(text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new RangeError(`${text} is beyond the safe integers`)
  return value
}

import { stringify } from 'yaml'
import { caseLists, recordKinds, type Case } from './case-schema.ts'

/**
 * `case.yaml` of a case that the schema has read: its keys in the schema's order, lists without entries
 * left out. Reading it gives the same case.
 */
export function writeCase(value: Case): string {
  const empty = new Set<string>(caseLists.filter((list) => value[list].length === 0))
  const parts = recordKinds.filter((kind) => !empty.has(kind)).map((kind) => [kind, value[kind]])
  const written = { format: value.format, ...Object.fromEntries(parts) }
  // No line is folded, none is an alias: a difference between two revisions is what was changed.
  return stringify(written, { lineWidth: 0, aliasDuplicateObjects: false })
}

import type { StoryMaterial } from '../case/bundle.ts'
import type { SaidBy } from '../case/reading.ts'
import { PublishError } from './publish-error.ts'

/** Who says a statement, in which account. */
export function saidBy(material: StoryMaterial, statementId: string): SaidBy {
  const { statements, accounts, sources } = material.case
  const statement = statements.find((each) => each.id === statementId)
  const account = accounts.find((each) => each.id === statement?.account)
  const source = sources.find((each) => each.id === account?.source)
  if (statement === undefined || account === undefined || source === undefined) {
    throw new PublishError(
      'reference-missing',
      `the statement "${statementId}" has no account with a source in the case`,
    )
  }
  return { statement, account, source }
}

export function footageLabel(material: StoryMaterial, footage: string): string {
  return material.case.footage.find((each) => each.id === footage)?.label ?? footage
}

/** Who filmed or gave a recording, by the name readers may see. */
export function creditOf(material: StoryMaterial, footage: string): string | undefined {
  const { credit, source } = material.case.footage.find((each) => each.id === footage) ?? {}
  return credit ?? (source === undefined ? undefined : sourceName(material, source))
}

export function sourceName(material: StoryMaterial, source: string): string {
  return material.case.sources.find((each) => each.id === source)?.name ?? source
}

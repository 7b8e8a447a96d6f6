import { CaseError } from '../case/problem.ts'
import { readCase } from '../case/read-case.ts'
import { readStory } from '../case/read-story.ts'
import { examineItem, type ExaminedItem } from '../ingest/examine-item.ts'
import { readCaseFiles, readCaseRevision } from '../store/incidents.ts'
import { isInIncident } from '../store/items.ts'
import type { Library } from '../store/library.ts'
import type { Agent } from '../store/store.ts'
import { filesOf, type ImportedCase } from './import-case.ts'
import { JobError } from './job-error.ts'
import type { Progress } from './progress.ts'

/**
 * A case revision as it was imported, with every item examined: what is not yet is examined now.
 * @throws JobError `case-missing`; CaseError where this version reads the case otherwise
 */
export async function storedCase(
  library: Library,
  agent: Agent,
  wish: { readonly incident: string; readonly revision: number },
  progress: Progress,
): Promise<ImportedCase> {
  const { incident, revision } = wish
  const { kept, sha256ByFile } = await library.read(async (reader) => ({
    kept: await readCaseRevision(reader, incident, revision),
    sha256ByFile: await readCaseFiles(reader, incident, revision),
  }))
  if (kept === undefined) {
    throw new JobError('case-missing', `"${incident}" has no case revision ${revision}.`)
  }
  const { caseSha256, storySha256 } = kept
  const { case: facts, problems: caseProblems, locate } = readCase(await text(library, caseSha256))
  if (facts === undefined || caseProblems.length > 0) throw new CaseError(caseProblems)
  const { story, problems } = readStory(await text(library, storySha256), facts)
  if (story === undefined || problems.length > 0) throw new CaseError(problems)

  const files = filesOf(facts)
  const items = new Map<string, ExaminedItem>()
  for (const [index, { id, file }] of files.entries()) {
    const step = { step: 'Examining', done: index, total: files.length, what: file }
    progress(step)
    const sha256 = sha256ByFile.get(file)
    if (sha256 === undefined) {
      throw new JobError(
        'case-missing',
        `Case revision ${revision} of "${incident}" does not say which item ${file} is: an older ` +
          'version imported it. Import the case folder again.',
      )
    }
    if (!(await library.read((reader) => isInIncident(reader, incident, sha256)))) {
      throw new JobError(
        'case-missing',
        `"${incident}" has no item ${sha256}, which ${file} is said to be.`,
      )
    }
    const examined = await examineItem(library, agent, { incident, sha256, name: file }, (share) =>
      progress({ ...step, done: index + share }),
    )
    items.set(id, examined)
  }
  return { case: facts, story, locate, items, revision, caseSha256, storySha256 }
}

async function text(library: Library, sha256: string): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of library.blobs.read(sha256)) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}

/**
 * One step on a library in a process of its own, so that its cost can be
 * measured: `open <library>` makes or opens it and closes it again; `align
 * <library> <case folder>` brings the case as far as its clock, and no further.
 */
import { operator, withLibrary } from '../src/cli/library-option.ts'
import { alignIncident } from '../src/jobs/align-incident.ts'
import { importCase } from '../src/jobs/import-case.ts'

const [step, folder, caseFolder = ''] = process.argv.slice(2)
const silent = (): void => undefined

await withLibrary(folder, 'bench', async (library) => {
  if (step !== 'align') return
  const { case: facts, items } = await importCase(library, operator, caseFolder, {
    progress: silent,
  })
  await alignIncident(library, operator, facts, items, silent)
})

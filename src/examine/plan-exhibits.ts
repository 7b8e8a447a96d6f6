import { storyFileName } from '../case/directive-attributes.ts'
import type { PlannedExhibit } from '../case/exhibit.ts'
import type { CaseProblem } from '../case/problem.ts'
import type { Place } from '../case/story.ts'
import { ExamineError, type ExamineContext } from './context.ts'
import { planExhibit } from './plan-exhibit.ts'

/** Every exhibit of a story; what cannot be shown is a problem at its directive. */
export function planExhibits(
  places: Iterable<Place>,
  context: ExamineContext,
): { readonly exhibits: readonly PlannedExhibit[]; readonly problems: readonly CaseProblem[] } {
  const exhibits: PlannedExhibit[] = []
  const problems: CaseProblem[] = []
  for (const place of places) {
    try {
      const exhibit = planExhibit(place, context)
      if (exhibit !== undefined) exhibits.push(exhibit)
    } catch (error) {
      if (!(error instanceof ExamineError)) throw error
      const { kind, line, column } = place
      problems.push({
        code: error.code,
        file: storyFileName,
        line,
        column,
        message: `${kind}: ${error.message}`,
      })
    }
  }
  return { exhibits, problems }
}

import type { RecipeDraft } from '../case/exhibit.ts'
import { clipCommand } from './clip-arguments.ts'
import type { Command } from './command.ts'
import { compositeCommand } from './composite-arguments.ts'
import { coverCommand, facsimileCommand, photoCommand } from './picture-arguments.ts'
import { proxyCommand } from './proxy-arguments.ts'
import { stillCommand } from './still-arguments.ts'

/** The command a recipe's parameters stand for. Pure: the same draft, the same command. */
export function commandFor(draft: RecipeDraft): Command {
  switch (draft.kind) {
    case 'proxy':
      return proxyCommand(draft.parameters, draft.inputs)
    case 'clip':
      return clipCommand(draft.parameters, draft.inputs)
    case 'still':
      return stillCommand(draft.parameters, draft.inputs)
    case 'composite':
      return compositeCommand(draft.parameters, draft.inputs)
    case 'photo':
      return photoCommand(draft.parameters)
    case 'facsimile':
      return facsimileCommand(draft.parameters)
    case 'cover':
      return coverCommand(draft.parameters)
  }
}

/** Who asks, and what they may do: all that the gate and the handlers know of them. */
import { toolName } from '../jobs/version.ts'
import type { Agent } from '../store/store.ts'
import { roleMay, type Action, type Role } from './roles.ts'

export interface Asker {
  /** `local`: whoever sits at this machine, while the installation has no owner. */
  readonly kind: 'nobody' | 'local' | 'person' | 'token'
  /** As acts of theirs are recorded: a role or pseudonym, never a name. */
  readonly agent: Agent
  /** Whether they showed a short time ago who they are; publishing and the like need it. */
  readonly isFresh: boolean
  /** Within an incident, or without one in the whole installation. */
  may(action: Action, incident?: string): boolean
  /** The incidents within which they may. */
  incidents(action: Action): 'all' | readonly string[]
}

/** Roles in the whole installation count in every incident. */
export interface Standing {
  readonly installation: readonly Role[]
  readonly incidents: ReadonlyMap<string, readonly Role[]>
}

/** What a standing allows; `only`, of a token, narrows it. */
export function rightsOf(
  { installation, incidents }: Standing,
  only: (action: Action, incident: string | undefined) => boolean = () => true,
): Pick<Asker, 'may' | 'incidents'> {
  const everywhere = (action: Action): boolean => installation.some((role) => roleMay(role, action))
  const within = (action: Action, incident: string): boolean =>
    (incidents.get(incident) ?? []).some((role) => roleMay(role, action))
  const may = (action: Action, incident?: string): boolean =>
    only(action, incident) &&
    (everywhere(action) || (incident !== undefined && within(action, incident)))
  return {
    may,
    incidents: (action) =>
      everywhere(action) && only(action, undefined)
        ? 'all'
        : [...incidents.keys()].filter((incident) => may(action, incident)),
  }
}

/** Whoever sits at this machine, while the installation has no owner. */
export const localAsker: Asker = {
  kind: 'local',
  agent: { actor: 'operator', tool: toolName },
  isFresh: true,
  ...rightsOf({ installation: ['owner'], incidents: new Map() }),
}

export const nobody: Asker = {
  kind: 'nobody',
  agent: { actor: 'public', tool: toolName },
  isFresh: false,
  ...rightsOf({ installation: [], incidents: new Map() }),
}

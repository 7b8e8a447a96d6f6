/** Who asks, and what they may do: all that the gate and the handlers know of them. */
import { toolName } from '../jobs/version.ts'
import type { Agent } from '../store/store.ts'
import type { SignedIn } from './sign-in.ts'
import { roleMay, type Action, type Role } from './roles.ts'

export interface Asker {
  /** `local`: whoever sits at this machine, while the installation has no owner. */
  readonly kind: 'nobody' | 'local' | 'person' | 'token'
  /** As acts of theirs are recorded: a role or pseudonym, never a name. */
  readonly agent: Agent
  /** Of a person. */
  readonly session?: SignedIn
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

/** Of a token: only these, and only there. */
export interface Scope {
  readonly actions: readonly Action[]
  readonly incidents?: readonly string[]
}

/** What a standing allows; a scope narrows it. */
export function rightsOf(
  { installation, incidents }: Standing,
  scope?: Scope,
): Pick<Asker, 'may' | 'incidents'> {
  const everywhere = (action: Action): boolean => installation.some((role) => roleMay(role, action))
  const within = (action: Action, incident: string): boolean =>
    (incidents.get(incident) ?? []).some((role) => roleMay(role, action))
  const inScope = (action: Action, incident: string | undefined): boolean =>
    scope === undefined ||
    (scope.actions.includes(action) &&
      (scope.incidents === undefined ||
        (incident !== undefined && scope.incidents.includes(incident))))
  const may = (action: Action, incident?: string): boolean =>
    inScope(action, incident) &&
    (everywhere(action) || (incident !== undefined && within(action, incident)))
  return {
    may,
    incidents: (action) =>
      may(action)
        ? 'all'
        : (scope?.incidents ?? [...incidents.keys()]).filter((incident) => may(action, incident)),
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

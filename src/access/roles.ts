/** What may be done with an incident or the installation, and which role may do it. */

export const roles = ['owner', 'editor', 'investigator', 'moderator', 'viewer'] as const
export type Role = (typeof roles)[number]

/** Each with the roles that may do it beside the owner, who may do everything. */
const allowed = {
  /** Title, counts, findings, publications. */
  'incident.read': ['editor', 'investigator', 'moderator', 'viewer'],
  'incident.open': ['editor'],
  /** What is recorded: accounts, claims, questions, and their history. */
  'case.read': ['editor', 'investigator', 'moderator', 'viewer'],
  'case.edit': ['editor', 'investigator'],
  'story.edit': ['editor'],
  'story.publish': ['editor'],
  /** Facts of an item and what was made from it, unredacted. */
  'item.read': ['editor', 'investigator', 'moderator'],
  'item.add': ['editor', 'investigator'],
  /** The bytes as received: an entry in the custody log. */
  'original.read': ['editor', 'investigator'],
  'custody.read': ['editor', 'investigator'],
  'link.manage': ['editor'],
  'tip.read': ['editor', 'investigator', 'moderator'],
  'tip.decide': ['editor', 'moderator'],
  'comment.moderate': ['editor', 'moderator'],
  'jobs.read': ['editor', 'investigator'],
  'jobs.manage': ['editor', 'investigator'],
  /** Members of an incident or of the installation, their roles, invitations. */
  'people.manage': [],
  /** Fixity of the whole library, metrics. */
  'library.manage': [],
} as const satisfies Record<string, readonly Role[]>

export type Action = keyof typeof allowed
export const actions = Object.keys(allowed) as Action[]
export const isAction = (text: string): text is Action => Object.hasOwn(allowed, text)

export function roleMay(role: Role, action: Action): boolean {
  const others: readonly Role[] = allowed[action]
  return role === 'owner' || others.includes(role)
}

/** What the team does with contributor links and tips, by the interface and by the desk's pages alike. */
import { z } from '@hono/zod-openapi'
import { acceptTip, declineTip, type AcceptWish } from '../ingest/decide-tip.ts'
import { TipError } from '../ingest/tip-error.ts'
import {
  closeContributorLink,
  linkLimits,
  openContributorLink,
  readContributorLink,
  readLinksWithUse,
  type ContributorLink,
  type UsedLink,
} from '../store/contributor-links.ts'
import { readIncidents } from '../store/incidents.ts'
import type { Library } from '../store/library.ts'
import type { Agent, Reader } from '../store/store.ts'
import { readTip, readTipContact, type Tip } from '../store/tips.ts'
import { ProblemError } from './problem.ts'
import type { UploadServices } from './upload-services.ts'

export const linkWish = z.object({
  note: z.string().max(linkLimits.noteLetters).default('').describe('shown to contributors'),
  days: z.int().min(1).max(linkLimits.days).default(14),
  mostBytes: z
    .int()
    .min(1)
    .max(linkLimits.bytes)
    .default(10 * 2 ** 30),
  mostFiles: z.int().min(1).max(linkLimits.files).default(100),
})

export async function linksOf(
  library: Library,
  among: 'all' | readonly string[],
): Promise<UsedLink[]> {
  return [...(await library.read((reader) => readLinksWithUse(reader, among)))]
}

/** `path`: its secret address, told now and never again. @throws ProblemError 404 */
export async function openLink(
  { library, now }: UploadServices,
  agent: Agent,
  incident: string,
  { days, ...wish }: z.infer<typeof linkWish>,
): Promise<{ readonly link: ContributorLink; readonly path: string }> {
  const expiresAt = new Date(now().getTime() + days * 86_400_000).toISOString()
  const { link, token } = await library.transact(agent, async (tx) => {
    if ((await readIncidents(tx, incident)).length === 0) throw nothing()
    return openContributorLink(tx, { incident, expiresAt, ...wish })
  })
  return { link, path: `/contribute/${token}` }
}

interface LinkName {
  readonly incident: string
  readonly link: string
}

/** Of this incident alone. @throws ProblemError 404 */
export async function linkWithin(
  reader: Reader,
  { incident, link: id }: LinkName,
): Promise<ContributorLink> {
  const link = await readContributorLink(reader, { id })
  if (link?.incident !== incident) throw nothing()
  return link
}

/** What came by it stays. @throws ProblemError 404 */
export async function closeLink(library: Library, agent: Agent, name: LinkName): Promise<void> {
  await library.transactWithoutEntry(agent, async (tx) => {
    await closeContributorLink(tx, (await linkWithin(tx, name)).id)
  })
}

/** Of this incident alone: the right is to it. @throws ProblemError 404 */
export async function tipWithin(
  library: Library,
  { incident, tip: id }: { readonly incident: string; readonly tip: string },
): Promise<{
  readonly tip: Tip
  /** For those alone who may decide. */
  readonly contact: string | undefined
}> {
  const { tip, contact } = await library.read(async (reader) => ({
    tip: await readTip(reader, { id }),
    contact: await readTipContact(reader, id),
  }))
  if (tip?.incident !== incident || tip.state === 'arriving') throw nothing()
  return { tip, contact }
}

/** @throws ProblemError 409 */
export function accept(
  { library, onItem }: UploadServices,
  agent: Agent,
  { id }: Tip,
  wish: Pick<AcceptWish, 'evenIfArriving' | 'seen'>,
): ReturnType<typeof acceptTip> {
  return acceptTip(library, agent, id, { ...wish, onItem }).catch(asProblem)
}

/** @throws ProblemError 409 */
export const decline = ({ library }: UploadServices, agent: Agent, { id }: Tip): Promise<Tip> =>
  declineTip(library, agent, id).catch(asProblem)

export const nothing = (): ProblemError =>
  new ProblemError(404, 'There is no such thing in this incident.')

function asProblem(error: unknown): never {
  if (error instanceof TipError) throw new ProblemError(409, error.message, error.code)
  throw error
}

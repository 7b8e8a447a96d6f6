import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ScoredImpulse } from './align-impulse-score.ts'
import type { ScoredAlignment } from './align-score.ts'
import { checkMeter, costOf, costOfAll, type Cost } from './process-tree.ts'

const bareDecode = '-map 0:a:0 -ac 1 -ar 8000 -f f32le -y /dev/null'.split(' ')
const sightline = join(import.meta.dirname, '..', 'sightline')

/** The meter's name. Brings the build up to date first, so that this is nobody's cost. */
export async function readyMeter(): ReturnType<typeof checkMeter> {
  await costOf({ program: sightline, args: ['align', '--help'] })
  return checkMeter()
}

/** What decoding the same files to 8 kHz costs and nothing else. */
export function bareDecodeCost(paths: readonly string[]): Promise<Cost> {
  return costOfAll(
    paths.map((path) => ({
      program: 'ffmpeg',
      args: ['-nostdin', '-v', 'error', '-i', `file:${path}`, ...bareDecode],
    })),
  )
}

/** The command as anyone would start it: its JSON, its cost and the memory of its Node. */
export async function align(
  folder: string,
  paths: readonly string[],
): Promise<{
  alignment: ScoredAlignment
  impulses: readonly ScoredImpulse[]
  cost: Cost
  peakMemoryBytes: number
}> {
  const output = join(folder, 'alignment.json')
  const peaks = join(folder, 'peak-memory')
  const cost = await costOf({
    program: sightline,
    args: ['align', '--json', ...paths],
    output,
    environment: {
      NODE_OPTIONS: `--import=${join(import.meta.dirname, 'peak-memory.ts')}`,
      SIGHTLINE_PEAK_MEMORY: peaks,
    },
  })
  const kibibytes = (await readFile(peaks, 'utf8')).trim().split('\n').map(Number)
  const printed = JSON.parse(await readFile(output, 'utf8')) as {
    readonly groups: readonly {
      readonly members: readonly (Omit<
        ScoredAlignment['groups'][number]['members'][number],
        'id'
      > & {
        readonly path: string
      })[]
    }[]
    readonly impulses: readonly (Omit<ScoredImpulse, 'heardIn'> & {
      readonly heardIn: readonly { readonly path: string; readonly ownSeconds: number }[]
    })[]
  }
  const idOf = (path: string): string => path.slice(folder.length + 1).replace(/\.\w+$/, '')
  const groups = printed.groups.map(({ members }) => ({
    members: members.map(({ path, ...member }) => ({ id: idOf(path), ...member })),
  }))
  const impulses = printed.impulses.map(({ heardIn, ...impulse }) => ({
    ...impulse,
    heardIn: heardIn.map(({ path, ...heard }) => ({ recording: idOf(path), ...heard })),
  }))
  return { alignment: { groups }, impulses, cost, peakMemoryBytes: 1024 * Math.max(...kibibytes) }
}

import path from 'node:path'
import type { RecipeDraft } from '../case/exhibit.ts'
import type { Finding, RecordingFacts } from '../case/item-facts.ts'
import type { Recipe } from '../case/recipe.ts'
import { transcodeLimits } from './limits.ts'
import { measurePicture } from './measure.ts'
import { peakReader } from './peaks.ts'
import { peakSoundRateHz } from './proxy-arguments.ts'
import { checkedCommand, runCommand } from './render.ts'
import { completeRecipe } from './tools.ts'

export interface Proxies {
  readonly recipe: Recipe
  /** In the output folder: `720p.mp4`, `360p.mp4` (lower where the original is), or `sound.m4a`; `poster.jpg`. */
  readonly files: readonly ProxyFile[]
  /** See peaks.ts; absent where there is no sound. */
  readonly peaks?: Uint8Array
  readonly findings: readonly Finding[]
}

export interface ProxyFile {
  readonly role: 'stepping' | 'grid' | 'sound' | 'poster'
  readonly path: string
  readonly mediaType: string
}

const steppingHeight = 720
const gridHeight = 360

/** How the proxies of a recording are made. Pure. */
export function proxyDraft(
  item: string,
  facts: RecordingFacts,
): Extract<RecipeDraft, { kind: 'proxy' }> {
  const { video, sound } = facts
  const heights = [steppingHeight, gridHeight].map((height) =>
    Math.min(height, video?.picture.heightPixels ?? height),
  )
  const posterTicks = video?.frames.ticks[Math.floor(video.frames.ticks.length / 3)]
  return {
    format: 'sightline-recipe/1',
    kind: 'proxy',
    inputs: [{ item, container: facts.container }],
    parameters: {
      ...(video === undefined ? {} : { picture: video.picture }),
      ...(sound === undefined ? {} : { soundStreamIndex: sound.streamIndex }),
      heightsPixels: video === undefined ? [] : [...new Set(heights)],
      ...(posterTicks === undefined ? {} : { posterTicks }),
    },
  }
}

/**
 * Proxies, poster and peaks from one decoding. Every frame keeps its own time.
 * Throws MediaError.
 */
export async function makeProxies(
  source: string,
  item: string,
  facts: RecordingFacts,
  outputFolder: string,
  signal?: AbortSignal,
): Promise<Proxies> {
  const draft = proxyDraft(item, facts)
  const command = checkedCommand(draft, [source])
  const peaks = facts.sound === undefined ? undefined : peakReader(peakSoundRateHz)
  await runCommand(command, [source], outputFolder, transcodeLimits, signal, peaks?.write)

  const files = command.files.map(({ name, mediaType }, index): ProxyFile => {
    const role =
      mediaType === 'image/jpeg'
        ? 'poster'
        : mediaType === 'audio/mp4'
          ? 'sound'
          : index === 0
            ? 'stepping'
            : 'grid'
    return { role, path: path.join(outputFolder, name), mediaType }
  })
  return {
    recipe: await completeRecipe(draft),
    files,
    ...(peaks === undefined ? {} : { peaks: peaks.end() }),
    findings: await undecodableFrames(facts, files),
  }
}

async function undecodableFrames(
  facts: RecordingFacts,
  files: readonly ProxyFile[],
): Promise<readonly Finding[]> {
  const stepping = files.find((file) => file.role === 'stepping')
  if (facts.video === undefined || stepping === undefined) return []
  const listed = facts.video.frames.ticks.length
  const decoded = (await measurePicture(stepping.path, stepping.mediaType))?.frames ?? 0
  if (decoded === listed) return []
  const missing = listed - decoded
  return [
    {
      code: 'undecodable-frames',
      severity: decoded === 0 ? 'problem' : 'notice',
      message:
        missing > 0
          ? `${missing} of ${listed} listed frames cannot be decoded; the proxy leaves them out.`
          : `Decoding gives ${-missing} more frames than the ${listed} listed.`,
    },
  ]
}

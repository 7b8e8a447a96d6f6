/**
 * Publish: in comes a story with everything it relies on, out comes the list of
 * files of a bundle (`docs/formats/story-bundle.md`), without `proof/`, which
 * the job adds. Guaranteed: the same material gives the same bytes; the pages
 * work with scripts off and fetch nothing from elsewhere; no file name of an
 * original, no position of a phone and no source's identity leaves here.
 */
import type { BundleFile, StoryMaterial } from '../case/bundle.ts'
import { captionTrackOf } from './captions.ts'
import { asBundleFile, dataFiles } from './data-files.ts'
import { PublishError } from './publish-error.ts'
import { storyPage } from './story-page.ts'
import { verifyPage } from './verify-page.ts'
import { viewOf } from './view.ts'

/**
 * Throws PublishError where the story asks for what the material does not hold.
 * Files are in ascending order of their paths, each path once and safe
 * (`docs/formats/bundle-proof.md`, 1).
 */
export function storyBundle(given: StoryMaterial): readonly BundleFile[] {
  const material = withoutUnconfirmed(given)
  const view = viewOf(material)
  const data = dataFiles(view)
  const captions = view.players.flatMap((player) => captionTrackOf(material, player) ?? [])
  const downloads = [
    ...data.map(({ path, what }) => ({ path, what })),
    ...captions.map(({ path }) => ({ path, what: 'captions' })),
  ]
  const media = [...material.exhibits.values()].flatMap((exhibit) =>
    exhibit.parts.map(({ path, sha256 }): BundleFile => ({ path, blob: sha256 })),
  )
  return inOrder([
    textFile('index.html', storyPage(view, downloads)),
    textFile('verify.html', verifyPage(material)),
    ...data.map(asBundleFile),
    ...captions.map(({ path, text }) => textFile(path, text)),
    ...media,
    ...material.assets,
  ])
}

/** What nobody confirmed stands nowhere: not on the page, not in its data, not in captions. */
function withoutUnconfirmed(material: StoryMaterial): StoryMaterial {
  const events = material.case.events.filter(
    ({ kind, decision }) => kind !== 'impulsive sound' || decision === 'confirmed',
  )
  return { ...material, case: { ...material.case, events } }
}

function textFile(path: string, text: string): BundleFile {
  return { path, bytes: new TextEncoder().encode(text) }
}

const segment = /^[A-Za-z0-9_-](?:[A-Za-z0-9._-]{0,126}[A-Za-z0-9_-])?$/

function inOrder(files: readonly BundleFile[]): readonly BundleFile[] {
  const byPath = new Map<string, BundleFile>()
  for (const file of files) {
    const key = file.path.toLowerCase()
    const other = byPath.get(key)
    // Two exhibits may show the very same file; anything else would overwrite.
    if (other !== undefined && !sameBlob(other, file)) {
      throw new PublishError('path-unusable', `two files of the bundle would be "${file.path}"`)
    }
    if (file.path.length > 512 || !file.path.split('/').every((part) => segment.test(part))) {
      throw new PublishError('path-unusable', `"${file.path}" is not a path a bundle may hold`)
    }
    byPath.set(key, file)
  }
  return [...byPath.values()].toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

function sameBlob(a: BundleFile, b: BundleFile): boolean {
  return 'blob' in a && 'blob' in b && a.path === b.path && a.blob === b.blob
}

import type { BundleReader } from '../verify/bundle-reader.ts'

/** A folder that the reader of the page chose; the browser lists everything in it. */
export function folderBundle(chosen: Iterable<File>): BundleReader {
  const files = new Map<string, File>()
  for (const file of chosen) {
    // `folder/proof/manifest.sha256`: the chosen folder's own name comes first.
    files.set(file.webkitRelativePath.split('/').slice(1).join('/'), file)
  }
  return {
    listsEverything: true,
    list: () =>
      Promise.resolve(
        [...files].map(([path, file]) => ({ path, kind: 'file', sizeBytes: file.size })),
      ),
    async read(path, limitBytes) {
      const file = files.get(path)
      if (file === undefined) throw new Error('The folder does not hold it.')
      return new Uint8Array(await file.slice(0, limitBytes + 1).arrayBuffer())
    },
  }
}

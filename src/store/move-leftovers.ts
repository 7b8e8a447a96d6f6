/** What moved blobs leave behind: copies at the old place, removed once the library has them at the new. */
import { stat } from 'node:fs/promises'
import { join } from 'node:path'

import { formatVkey } from '../custody/key.ts'
import { assertObjects } from './claim-objects.ts'
import { openFolderBlobs, removeFolderBlobs } from './folder-blobs.ts'
import { changeManifest, readManifest } from './library-manifest.ts'
import type { Library } from './library.ts'
import { keptElsewhere, removeObjectBlobs } from './move-blobs.ts'
import type { ObjectAddress } from './object-address.ts'
import type { ObjectStore } from './object-store.ts'
import { StoreError } from './store-error.ts'

/** Right after a move, where the library was opened. False where something could not be removed. */
export const removeMoved = (library: Library, hashes: Iterable<string>): Promise<boolean> =>
  asFarAsItGoes(async () => {
    if (library.objects === undefined) await removeFolderBlobs(library.folder, hashes)
    else await removeObjects(library, library.objects, hashes)
  })

/** After a move that was interrupted, where the blobs are now; `old`: the place in a store that was left. */
export const removeLeft = (
  library: Library,
  old: ObjectAddress | undefined,
  now: Date,
): Promise<boolean> =>
  asFarAsItGoes(() =>
    library.blobs.inScratch(async (scratch) => {
      const { folder, blobs } = library
      if (library.objects !== undefined) {
        if ((await stat(join(folder, 'blobs')).catch(() => undefined)) === undefined) return
        const left = openFolderBlobs(folder, scratch)
        await removeFolderBlobs(folder, await keptElsewhere(left, blobs))
        return
      }
      const { leftBlobsId: blobsId } = await readManifest(folder)
      if (old === undefined || blobsId === '') return
      const { openObjectPlace } = await import('./object-place.ts')
      const claim = { vkey: formatVkey(library.signer), blobsId, isNew: false }
      const left = await openObjectPlace(old, claim, { library: folder, scratch }, now)
      try {
        await removeObjects(library, left.store, await keptElsewhere(left.blobs, blobs))
      } finally {
        left.store.close()
      }
    }),
  )

async function removeObjects(
  library: Library,
  store: ObjectStore,
  hashes: Iterable<string>,
): Promise<void> {
  const { leftBlobsId } = await readManifest(library.folder)
  await assertObjects(store, { vkey: formatVkey(library.signer), blobsId: leftBlobsId })
  await removeObjectBlobs(store, hashes)
  await changeManifest(library.folder, { leftBlobsId: '' })
}

async function asFarAsItGoes(work: () => Promise<void>): Promise<boolean> {
  try {
    await work()
    return true
  } catch (error) {
    if (error instanceof StoreError) return false
    throw error
  }
}

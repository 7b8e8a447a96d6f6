/** An object store, opened as the place of a library's blobs. */
import type { Blobs } from './blobs.ts'
import { assertObjects, takeObjects } from './claim-objects.ts'
import type { ObjectClaim } from './claim-objects.ts'
import type { ObjectAddress } from './object-address.ts'
import { openObjectBlobs } from './object-blobs.ts'
import { usualPatience } from './object-error.ts'
import { openObjectStore } from './object-store.ts'
import type { ObjectStore } from './object-store.ts'
import { StoreError } from './store-error.ts'

export interface ObjectPlace {
  readonly store: ObjectStore
  readonly blobs: Blobs
}

/** Nobody sends one file for so long. */
const oldUploadMilliseconds = 24 * 3600_000

/** @throws StoreError `blobs-unavailable`, `blobs-refused`, `bucket-missing`, `blobs-unsuitable`, `library-mismatch` */
export async function openObjectPlace(
  address: ObjectAddress,
  claim: ObjectClaim & { readonly isNew: boolean },
  folders: { readonly library: string; readonly scratch: string },
  now: Date,
  keptBytes?: number,
): Promise<ObjectPlace> {
  const store = openObjectStore(address, usualPatience)
  try {
    if (claim.isNew) await takeObjects(store, claim)
    else await assertObjects(store, claim)
    // Not every store can list them, nor every key may.
    await store
      .endOldUploads(new Date(now.getTime() - oldUploadMilliseconds))
      .catch(unlessStoreError)
    return { store, blobs: openObjectBlobs(store, folders.library, folders.scratch, keptBytes) }
  } catch (error) {
    store.close()
    throw error
  }
}

function unlessStoreError(error: unknown): void {
  if (!(error instanceof StoreError)) throw error
}

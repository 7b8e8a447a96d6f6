import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { lstat, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { BundleReader, ListedFile } from '../verify/bundle-reader.ts'

/** Without O_NOFOLLOW a file that became a link after it was listed would be followed. */
const readFlags = constants.O_RDONLY | constants.O_NOFOLLOW

/** A bundle in a folder. Links are listed as links and never followed. */
export function bundleFolder(folder: string): BundleReader {
  return {
    listsEverything: true,
    list: () => listFolder(folder),
    read: async (path, limitBytes) => {
      const file = await open(join(folder, path), readFlags)
      try {
        const { size } = await file.stat()
        const bytes = new Uint8Array(Math.min(size, limitBytes + 1))
        let length = 0
        while (length < bytes.length) {
          const { bytesRead } = await file.read(bytes, length, bytes.length - length, length)
          if (bytesRead === 0) break
          length += bytesRead
        }
        return bytes.subarray(0, length)
      } finally {
        await file.close()
      }
    },
    sha256: async (path) => {
      const hash = createHash('sha256')
      const file = await open(join(folder, path), readFlags)
      for await (const chunk of file.createReadStream()) hash.update(chunk as Buffer)
      return hash.digest('hex')
    },
  }
}

async function listFolder(folder: string, below = ''): Promise<ListedFile[]> {
  const entries = await readdir(join(folder, below), { withFileTypes: true })
  const listed: ListedFile[] = []
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`
    if (entry.isDirectory()) listed.push(...(await listFolder(folder, path)))
    else if (entry.isSymbolicLink()) listed.push({ path, kind: 'link' })
    else if (entry.isFile()) {
      const { size } = await lstat(join(folder, path))
      listed.push({ path, kind: 'file', sizeBytes: size })
    } else listed.push({ path, kind: 'other' })
  }
  return listed
}

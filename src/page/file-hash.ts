import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex } from '@noble/hashes/utils.js'

const pieceBytes = 4 << 20

/**
 * A file's SHA-256 in pieces: WebCrypto would need all of it in memory at once.
 * Gives way between pieces, so that the page stays alive.
 */
export async function hashFile(
  file: Blob,
  onShare: (share: number) => void,
  isStopped: () => boolean,
): Promise<string | undefined> {
  const hash = sha256.create()
  for (let at = 0; at < file.size; at += pieceBytes) {
    if (isStopped()) return undefined
    hash.update(new Uint8Array(await file.slice(at, at + pieceBytes).arrayBuffer()))
    onShare(Math.min(1, (at + pieceBytes) / file.size))
  }
  return bytesToHex(hash.digest())
}

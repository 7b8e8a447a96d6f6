import type { Findings } from './finding.ts'
import { manifestPath } from './layout.ts'

/** Accepted lines: path → SHA-256 (hexadecimal). */
export type Manifest = ReadonlyMap<string, string>

const segmentPattern = /^(?!\.)[A-Za-z0-9._-]{1,128}(?<!\.)$/

const isSafePath = (path: string): boolean => {
  const segments = path.split('/')
  const isShort = path.length <= 512 && segments.length <= 16
  return isShort && segments.every((segment) => segmentPattern.test(segment))
}

const asciiLower = (path: string): string =>
  path.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())

/** One character per byte, so that a byte outside ASCII is refused and not interpreted. */
const asLatin1 = (file: Uint8Array): string => {
  const parts: string[] = []
  for (let at = 0; at < file.length; at += 8192) {
    parts.push(String.fromCharCode(...file.subarray(at, at + 8192)))
  }
  return parts.join('')
}

/**
 * Reads the manifest line by line; a line that is not well-formed is a finding
 * and the others still count. Paths are attacker-controlled: they are compared,
 * never opened, unless the bundle's own listing holds them.
 */
export const readManifest = (file: Uint8Array, findings: Findings): Manifest => {
  const accepted = new Map<string, string>()
  const taken = new Set<string>()
  let previous = ''
  const lines = asLatin1(file).split('\n')
  if (lines.pop() !== '') {
    findings.add('manifest-malformed', manifestPath, 'The last line is not ended.')
  }
  const malformed: number[] = []
  for (const [at, line] of lines.entries()) {
    const match = /^([0-9a-f]{64}) {2}([ -~]+)$/.exec(line)
    const [hash, path] = [match?.[1], match?.[2]]
    const lowered = asciiLower(path ?? '')
    if (hash === undefined || path === undefined) {
      malformed.push(at + 1)
    } else if (!isSafePath(path)) {
      findings.add('manifest-path-unsafe', manifestPath, `Line ${at + 1} names an unsafe path.`)
    } else if (lowered === manifestPath || lowered.startsWith('proof/log/')) {
      malformed.push(at + 1)
    } else if (taken.has(lowered)) {
      findings.add('manifest-path-duplicate', manifestPath, `Line ${at + 1} names a path again.`)
    } else if (path <= previous) {
      malformed.push(at + 1)
    } else {
      accepted.set(path, hash)
      taken.add(lowered)
      previous = path
    }
  }
  if (malformed.length > 0) {
    const which = `${malformed.length} of ${lines.length} lines, the first is line ${malformed[0]}`
    findings.add('manifest-malformed', manifestPath, `Not well-formed: ${which}.`)
  }
  return accepted
}

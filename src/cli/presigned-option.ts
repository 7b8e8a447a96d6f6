/** `SIGHTLINE_BLOBS_READS=presigned`, with the origin at which readers reach the object store. */
import type { PresignedReads } from '../store/presigned-reads.ts'
import type { Effects } from '../store/store.ts'
import { readObjectAddress } from '../store/object-address.ts'
import { CommandError } from './command-error.ts'
import { exitCodes } from './exit-codes.ts'

type Variables = Readonly<Record<string, string | undefined>>

/**
 * Undefined where all bytes come from the server.
 * @throws CommandError `blobs-reads-malformed`; StoreError as the address of the store tells it
 */
export async function readPresignedReads(
  variables: Variables,
  effects: Pick<Effects, 'now'>,
): Promise<PresignedReads | undefined> {
  const { SIGHTLINE_BLOBS_READS: reads = '', SIGHTLINE_BLOBS: blobs = '' } = variables
  if (reads === '') return undefined
  if (reads !== 'presigned') {
    throw malformed('SIGHTLINE_BLOBS_READS is "presigned" or not set; it is something else')
  }
  if (blobs === '') {
    throw malformed(
      'SIGHTLINE_BLOBS_READS=presigned is for files in an object store; name it in SIGHTLINE_BLOBS',
    )
  }
  const endpoint = originOf(variables['SIGHTLINE_BLOBS_PUBLIC_ENDPOINT'] ?? '')
  if (endpoint === undefined) {
    throw malformed(
      'SIGHTLINE_BLOBS_READS=presigned needs the address at which readers reach the object store: set ' +
        'SIGHTLINE_BLOBS_PUBLIC_ENDPOINT to an https origin such as https://objects.example.org',
    )
  }
  // What speaks with object stores is large, and most libraries have none.
  const { presignedReads } = await import('../store/presigned-reads.ts')
  return presignedReads(readObjectAddress(blobs, variables), endpoint, effects)
}

/** By https, or http on this machine alone: whoever reads along could read the bytes as well. */
function originOf(text: string): string | undefined {
  const url = URL.parse(text)
  if (url === null || `${url.origin}${url.pathname}` !== url.href || url.pathname !== '/') {
    return undefined
  }
  const isHere = ['localhost', '127.0.0.1', '[::1]'].includes(url.hostname)
  return url.protocol === 'https:' || (url.protocol === 'http:' && isHere) ? url.origin : undefined
}

const malformed = (message: string): CommandError =>
  new CommandError('blobs-reads-malformed', message, exitCodes.usage)

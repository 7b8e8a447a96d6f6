/**
 * Addresses at which a browser may read one object of the store for a minute, without keys. Whoever
 * gets one was let in first; whoever has one may read those bytes, and nothing else, until it ends.
 */
import { GetObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { getSignedUrl } from '@aws-sdk/s3-request-presigner'

import { blobName } from './blobs.ts'
import type { ObjectAddress } from './object-address.ts'
import { wayThere } from './object-store.ts'
import type { Effects } from './store.ts'

/** What the store says with the bytes: part of what is signed. */
export interface PresignedHeaders {
  readonly contentType: string
  readonly cacheControl: string
  readonly contentDisposition?: string
}

export interface PresignedReads {
  /** Where readers are sent, such as `https://objects.example.org`. */
  readonly origin: string
  /** For GET, whole or by ranges. Asks nobody, and does not know whether the object is there. */
  address(sha256: string, headers: PresignedHeaders): Promise<string>
}

export const presignedSeconds = 60

/** `publicEndpoint`: an origin at which readers reach the store, under the same names as the server does. */
export function presignedReads(
  address: ObjectAddress,
  publicEndpoint: string,
  effects: Pick<Effects, 'now'>,
): PresignedReads {
  const { bucket: Bucket, prefix } = address
  const client = new S3Client({
    ...wayThere({ ...address, endpoint: publicEndpoint }),
    responseChecksumValidation: 'WHEN_REQUIRED',
  })
  return {
    origin: new URL(publicEndpoint).origin,
    address: (sha256, { contentType, cacheControl, contentDisposition }) =>
      getSignedUrl(
        client,
        new GetObjectCommand({
          Bucket,
          Key: prefix + blobName(sha256),
          ResponseContentType: contentType,
          ResponseCacheControl: cacheControl,
          ResponseContentDisposition: contentDisposition,
        }),
        { expiresIn: presignedSeconds, signingDate: effects.now() },
      ),
  }
}

/** Where an object store is: `s3://bucket[/prefix]`, and what the usual AWS variables say of the way there. */
import { StoreError } from './store-error.ts'

export interface ObjectAddress {
  readonly bucket: string
  /** Empty, or ends with a slash. */
  readonly prefix: string
  /** Of another store than AWS. */
  readonly endpoint?: string
  readonly region: string
  readonly accessKeyId: string
  readonly secretAccessKey: string
  readonly sessionToken?: string
}

const form =
  /^s3:\/\/(?<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(?<prefix>[A-Za-z0-9_.=-]+(?:\/[A-Za-z0-9_.=-]+)*))?\/?$/

/** @throws StoreError `blobs-address-malformed`, `blobs-refused` without keys */
export function readObjectAddress(
  text: string,
  variables: Readonly<Record<string, string | undefined>>,
): ObjectAddress {
  const said = (name: string): string | undefined =>
    variables[name] === '' ? undefined : variables[name]
  const { bucket, prefix } = form.exec(text)?.groups ?? {}
  if (bucket === undefined) {
    throw new StoreError(
      'blobs-address-malformed',
      'The address of the object store is not of the form s3://bucket or s3://bucket/prefix; keys and ' +
        'host are not part of it. Give these in AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_ENDPOINT_URL_S3.',
    )
  }
  const endpoint = said('AWS_ENDPOINT_URL_S3') ?? said('AWS_ENDPOINT_URL')
  if (endpoint !== undefined && !isEndpoint(endpoint)) {
    throw new StoreError(
      'blobs-address-malformed',
      'AWS_ENDPOINT_URL_S3 (or AWS_ENDPOINT_URL) is not the address of a server, such as https://objects.internal:9000.',
    )
  }
  const [accessKeyId, secretAccessKey] = [said('AWS_ACCESS_KEY_ID'), said('AWS_SECRET_ACCESS_KEY')]
  if (accessKeyId === undefined || secretAccessKey === undefined) {
    throw new StoreError(
      'blobs-refused',
      'There are no keys for the object store. Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.',
    )
  }
  const sessionToken = said('AWS_SESSION_TOKEN')
  return {
    bucket,
    prefix: prefix === undefined ? '' : `${prefix}/`,
    region: said('AWS_REGION') ?? said('AWS_DEFAULT_REGION') ?? 'us-east-1',
    accessKeyId,
    secretAccessKey,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(sessionToken === undefined ? {} : { sessionToken }),
  }
}

/** As people write it, without the way there. */
export const formatObjectAddress = ({ bucket, prefix }: ObjectAddress): string =>
  `s3://${bucket}/${prefix}`.replace(/\/$/, '')

/** Whether both mean the same objects. */
export const isSamePlace = (a: ObjectAddress, b: ObjectAddress): boolean =>
  a.bucket === b.bucket && a.prefix === b.prefix && a.endpoint === b.endpoint

function isEndpoint(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.username === '' && url.search === ''
}

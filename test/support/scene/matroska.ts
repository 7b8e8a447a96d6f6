/**
 * Raw frames with exact times, as a Matroska stream that ffmpeg reads from a
 * pipe (RFC 9559): one cluster for each frame, timestamps in microseconds.
 */
export interface RawVideo {
  readonly widthPixels: number
  readonly heightPixels: number
  /** Nominal; the frames' own timestamps decide. */
  readonly frameNanoseconds: number
}

/** The head of the stream: what comes before the first frame. */
export function rawVideoHead(video: RawVideo): Uint8Array {
  return joined([
    element('1a45dfa3', [
      element('4286', [integer(1)]),
      element('42f7', [integer(1)]),
      element('42f2', [integer(4)]),
      element('42f3', [integer(8)]),
      element('4282', [text('matroska')]),
      element('4287', [integer(4)]),
      element('4285', [integer(2)]),
    ]),
    // Segment of unknown size: a stream.
    bytesOf('1853806701ffffffffffffff'),
    element('1549a966', [
      element('2ad7b1', [integer(1000)]),
      element('4d80', [text('scene')]),
      element('5741', [text('scene')]),
    ]),
    element('1654ae6b', [
      element('ae', [
        element('d7', [integer(1)]),
        element('73c5', [integer(1)]),
        element('83', [integer(1)]),
        element('23e383', [integer(video.frameNanoseconds)]),
        element('86', [text('V_UNCOMPRESSED')]),
        element('e0', [
          element('b0', [integer(video.widthPixels)]),
          element('ba', [integer(video.heightPixels)]),
          element('2eb524', [text('I420')]),
        ]),
      ]),
    ]),
  ])
}

/** One frame shown at `microseconds`. */
export function rawVideoFrame(microseconds: number, picture: Uint8Array): Uint8Array {
  const timestamp = element('e7', [integer(microseconds)])
  // Track 1, no offset from the cluster, a keyframe.
  const block = element('a3', [bytesOf('81000080'), picture])
  return element('1f43b675', [timestamp, block])
}

function element(id: string, contents: readonly Uint8Array[]): Uint8Array {
  const size = contents.reduce((sum, part) => sum + part.length, 0)
  return joined([bytesOf(id), bytesOf('01' + size.toString(16).padStart(14, '0')), ...contents])
}

function integer(value: number): Uint8Array {
  return bytesOf(value.toString(16).padStart(16, '0'))
}

function text(value: string): Uint8Array {
  return new TextEncoder().encode(value)
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

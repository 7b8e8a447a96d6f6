/**
 * Files that try to make a media program open something else, or run for ever:
 * all handed in at once, beside one good recording. The whole run is traced:
 * no planted file is opened, no connection made; each ends in a finding and the
 * good one is taken in.
 */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { randomFillSync } from 'node:crypto'
import { once } from 'node:events'
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { deflateSync } from 'node:zlib'
import { repository, scratchFolder, sightline } from '../support/command-line.ts'
import { objectsFor } from '../support/object-store.ts'

const work = scratchFolder('hostile')
const footage = join(repository, 'examples', 'harbour-street', 'footage')

interface Outcome {
  readonly path: string
  readonly item?: string
  readonly kind?: string
  readonly findings?: readonly { readonly code: string; readonly severity: string }[]
  readonly refused?: { readonly code: string }
}

function ffmpeg(...args: string[]): void {
  const { status, stderr } = spawnSync('ffmpeg', ['-v', 'error', '-y', ...args], {
    encoding: 'utf8',
  })
  assert.equal(status, 0, stderr)
}

/** A PNG header that promises 16000 × 16000 pixels. */
function hugePng(): Buffer {
  const chunk = (type: string, data: Buffer): Buffer => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const length = Buffer.alloc(4)
    length.writeUInt32BE(data.length)
    const check = Buffer.alloc(4)
    check.writeUInt32BE(crc32(body))
    return Buffer.concat([length, body, check])
  }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(16_000, 0)
  header.writeUInt32BE(16_000, 4)
  header.set([8, 2, 0, 0, 0], 8)
  const rows = deflateSync(Buffer.alloc(16_000 * 3 * 100))
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('IDAT', rows),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function crc32(bytes: Buffer): number {
  let crc = ~0
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0)
  }
  return ~crc >>> 0
}

/** Every duration in an MP4's headers set to 10⁹ seconds and more. */
function declareForever(source: string): Buffer {
  const bytes = readFileSync(source)
  for (const [box, offset] of [
    ['mvhd', 20],
    ['tkhd', 24],
    ['mdhd', 20],
  ] as const) {
    for (let at = bytes.indexOf(box); at >= 0; at = bytes.indexOf(box, at + 4)) {
      bytes.writeUInt32BE(0xfffffff0, at + offset)
    }
  }
  return bytes
}

test('hostile files open no other file and no connection, and each ends in a clear finding', async (t) => {
  const traced = spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0
  if (!traced)
    t.diagnostic('strace is missing or refused: the run is not traced, the listener alone watches')
  let connections = 0
  const listener = createServer((socket) => {
    connections += 1
    socket.destroy()
  }).listen(0, '127.0.0.1')
  await once(listener, 'listening')
  const address = listener.address()
  assert.ok(typeof address === 'object' && address !== null)
  const url = `http://127.0.0.1:${address.port}/planted.mp4`
  const planted = join(work, 'planted-secret.mp4')
  cpSync(join(footage, 'car-park.3gp'), planted)

  const incoming = join(work, 'incoming')
  mkdirSync(incoming)
  const put = (name: string, content: string | Buffer): string => {
    const path = join(incoming, name)
    writeFileSync(path, content)
    return path
  }
  const good = join(incoming, 'good.mp4')
  ffmpeg('-f', 'lavfi', '-i', 'testsrc=s=320x240:r=10:d=2', '-f', 'lavfi', '-i', 'sine=d=2', good)
  ffmpeg(
    '-f',
    'lavfi',
    '-i',
    'color=s=4x4:r=1:d=1',
    '-vf',
    'scale=16000:16000',
    '-c:v',
    'mjpeg',
    '-frames:v',
    '1',
    join(incoming, 'huge.avi'),
  )
  const cases: readonly (readonly [path: string, code: string | undefined])[] = [
    [
      put(
        'hls.mp4',
        `#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\n${planted}\n#EXTINF:10,\n${url}\n#EXT-X-ENDLIST\n`,
      ),
      'refers-to-other-files',
    ],
    [
      put(
        'dash.mp4',
        `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT3S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" bandwidth="1"><BaseURL>${url}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
      ),
      'refers-to-other-files',
    ],
    [
      put('concat.mp4', `ffconcat version 1.0\nfile '${planted}'\nfile '${url}'\n`),
      'refers-to-other-files',
    ],
    [
      put(
        'sdp.mp4',
        `v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video ${address.port} RTP/AVP 96\na=rtpmap:96 H264/90000\n`,
      ),
      'refers-to-other-files',
    ],
    [put('-i x', readFileSync(good)), undefined],
    [put('.. ..%2fx; $(touch pwned) `id`.mp4', readFileSync(good)), undefined],
    [put('huge.png', hugePng()), 'too-many-pixels'],
    [join(incoming, 'huge.avi'), 'too-many-pixels'],
    [put('forever.mp4', declareForever(good)), 'durations-disagree'],
    [put('random.mp4', randomFillSync(Buffer.alloc(200_000))), 'unrecognised-content'],
    [
      put('archive.mp4', Buffer.from('504b0506000000000000000000000000000000000000', 'hex')),
      'unrecognised-content',
    ],
    [put('cut.mp4', readFileSync(good).subarray(0, 900)), 'truncated'],
    [good, undefined],
  ]
  const empty = put('empty.mov', '')
  const library = join(work, 'library')
  const log = join(work, 'trace')
  const paths = [...cases.map(([path]) => path), empty]
  const args = ['ingest', '--incident', 'hostile', '--library', library, '--json', '--', ...paths]
  const { code, stdout, stderr } = traced
    ? await sightline(args, { tracedTo: log })
    : await sightline(args)
  listener.close()

  const { items } = JSON.parse(stdout) as { items: readonly Outcome[] }
  assert.equal(items.length, paths.length, stderr)
  for (const [path, expected] of cases) {
    const outcome = items.find((candidate) => candidate.path === path)
    const codes = outcome?.findings?.map((finding) => finding.code) ?? []
    assert.ok(outcome?.item, `${path} was kept`)
    if (expected !== undefined)
      assert.ok(codes.includes(expected), `${path}: ${codes.join(', ') || 'no finding'}`)
  }
  assert.equal(items.find((candidate) => candidate.path === empty)?.refused?.code, 'empty-file')
  assert.equal(items.find((candidate) => candidate.path === good)?.kind, 'recording')
  assert.equal(code, 1, 'a refused file is a failure of the command')
  assert.equal(connections, 0)
  if (traced) {
    const lines = readFileSync(log, 'utf8').split('\n')
    assert.ok(
      lines.some((line) => line.includes('in/0')),
      'the trace saw the sandboxed programs',
    )
    assert.deepEqual(
      lines.filter((line) => line.includes('planted')),
      [],
    )
    // The library's own process may reach its object store, if it has one.
    const store = objectsFor(library)?.endpoint
    const own = store === undefined ? undefined : `htons(${new URL(store).port})`
    const out = lines.filter((line) => /connect\(.*(AF_INET6?)/.test(line))
    const processes = new Set(
      out
        .filter((line) => own !== undefined && line.includes(own))
        .map((line) => line.split(' ')[0]),
    )
    assert.ok(processes.size <= 1)
    assert.deepEqual(
      out.filter((line) => own === undefined || !line.includes(own)),
      [],
    )
  }
  const { code: sound, stdout: report } = await sightline(['fsck', '--library', library])
  assert.equal(sound, 0, report)
})

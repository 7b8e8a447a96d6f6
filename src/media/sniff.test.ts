import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import { ffmpeg, temporaryFolder } from './fixture.ts'
import { nameAndContent } from './name-and-content.ts'
import { sniff, sniffFile } from './sniff.ts'

const folder = temporaryFolder()
after(() => rmSync(folder, { recursive: true, force: true }))

test('recordings are known by their bytes, whatever their names', async () => {
  const source = '-f lavfi -i testsrc2=s=128x96:r=25:d=1 -f lavfi -i sine=d=1'.split(' ')
  const sound = '-f lavfi -i sine=d=1 -f'.split(' ')
  for (const [format, container, more] of [
    ['mp4', 'mov', source],
    ['mov', 'mov', source],
    ['3gp', 'mov', [...source, '-c:v', 'mpeg4', '-c:a', 'aac']],
    ['matroska', 'matroska', source],
    ['avi', 'avi', source],
    ['mpegts', 'mpegts', source],
    ['mpeg', 'mpeg', source],
    ['flv', 'flv', source],
    ['wav', 'wav', []],
    ['mp3', 'mp3', []],
    ['adts', 'aac', []],
    ['ogg', 'ogg', []],
    ['flac', 'flac', []],
    ['gsm', 'gsm', ['-f', 'lavfi', '-i', 'sine=d=1:r=8000']],
  ] as const) {
    const file = path.join(folder, `${format}.txt`)
    ffmpeg([...(more.length === 0 ? sound.slice(0, -1) : more), '-f', format, file])
    const sniffed = await sniffFile(file)
    assert.equal(sniffed.kind, 'recording', format)
    assert.equal(sniffed.container, container)
    assert.equal(nameAndContent(`evening.txt`, sniffed)?.code, 'name-and-content-differ')
  }
})

test('what begins like frames of GSM is a recording only if it goes on so', () => {
  const frame = Buffer.alloc(33, 0x81).fill(0xd5, 0, 1)
  const frames = Buffer.concat(Array.from({ length: 8 }, () => frame))
  assert.equal(sniff(frames).kind, 'recording')
  assert.equal(sniff(frames.subarray(0, 7 * 33)).kind, 'other')
  assert.equal(sniff(Buffer.concat([frames, Buffer.from([0xc5])])).kind, 'other')
  // Cyrillic letters begin with the same half-byte.
  assert.equal(sniff(Buffer.from(`${'д'.repeat(16)} `.repeat(20))).mediaType, 'text/plain')
})

test('files that only point to others are named for what they are', () => {
  for (const text of [
    '#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n',
    '\uFEFF\n <?xml version="1.0"?>\n<MPD type="static"></MPD>',
    'ffconcat version 1.0\nfile x\n',
    'v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\n',
    '[playlist]\nFile1=x\n',
  ]) {
    const sniffed = sniff(Buffer.from(text))
    assert.equal(sniffed.kind, 'other', text)
    assert.equal(sniffed.finding.code, 'refers-to-other-files', text)
  }
})

test('what is not read is said to be so', () => {
  const zip = Buffer.from('504b0304140000000800', 'hex')
  const lockedZip = Buffer.from('504b0304140001000800', 'hex')
  for (const [bytes, code] of [
    [Buffer.alloc(0), 'unreadable-media'],
    [randomBytes(4000).fill(0, 0, 4), 'unrecognised-content'],
    [Buffer.alloc(4000), 'unrecognised-content'],
    [zip, 'unrecognised-content'],
    [lockedZip, 'encrypted'],
    [Buffer.from('Größe', 'latin1'), 'unrecognised-content'],
  ] as const) {
    const sniffed = sniff(bytes)
    assert.equal(sniffed.kind, 'other')
    assert.equal(sniffed.finding.code, code)
    assert.equal(sniffed.finding.severity, 'problem')
  }
})

test('documents and photos are told apart', () => {
  const kindOf = (bytes: Uint8Array): string => {
    const sniffed = sniff(bytes)
    return sniffed.kind === 'other' || sniffed.kind === 'recording' ? sniffed.kind : sniffed.format
  }
  assert.equal(kindOf(Buffer.from('%PDF-1.7\n')), 'pdf')
  assert.equal(kindOf(Buffer.from('<!-- x -->\n<!DOCTYPE html><p>x')), 'html')
  assert.equal(kindOf(Buffer.from('A press release: größer')), 'text')
  assert.equal(kindOf(Buffer.from('ffd8ffe0', 'hex')), 'jpeg')
  assert.equal(kindOf(Buffer.from('89504e470d0a1a0a', 'hex')), 'png')
  assert.equal(kindOf(Buffer.from('\0\0\0\x18ftypheic\0\0\0\0')), 'heic')
})

test('a character cut where the head ends does not make text unreadable', () => {
  const text = 'é'.repeat(40_000)
  const sniffed = sniff(Buffer.from(`x${text}`).subarray(0, 65_536))
  assert.equal(sniffed.kind, 'document')
  writeFileSync(path.join(folder, 'long.txt'), `x${text}`)
})

test('a name that promises nothing known says nothing', () => {
  const sniffed = sniff(Buffer.from('ffd8ffe0', 'hex'))
  assert.equal(nameAndContent('../../-i x', sniffed), undefined)
  assert.equal(nameAndContent('IMG.JPG', sniffed), undefined)
  assert.equal(nameAndContent('film.mp4', sniffed)?.severity, 'notice')
})

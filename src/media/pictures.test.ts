import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import type { RecipeDraft } from '../case/exhibit.ts'
import { timecode } from '../time/text.ts'
import { drawText, ownTimeText } from './burned-text.ts'
import { frameHashes } from './compare.ts'
import { decodeGray, ffmpeg, temporaryFolder } from './fixture.ts'
import { probePhoto } from './photo.ts'
import { renderRecipe } from './render.ts'
import { sniffFile } from './sniff.ts'

const folder = temporaryFolder()
after(() => rmSync(folder, { recursive: true, force: true }))

const item = 'a'.repeat(64)

async function render(draft: RecipeDraft, inputs: readonly string[], name: string) {
  const output = path.join(folder, name)
  mkdirSync(output)
  return renderRecipe(draft, inputs, output)
}

async function probe(file: string) {
  const sniffed = await sniffFile(file)
  assert.equal(sniffed.kind, 'photo')
  return probePhoto(file, sniffed, folder)
}

/** A picture that is white at the upper left, as JPEG with this EXIF orientation and a place. */
function turnedPhoto(orientation: number): string {
  const plain = ffmpeg(
    '-f lavfi -i color=c=black:s=160x96:d=1,drawbox=w=80:h=48:c=white:t=fill -frames:v 1 -f mjpeg -'.split(
      ' ',
    ),
  )
  const exif = Buffer.from(
    `45786966000049492a0008000000020012010300010000000${orientation}00000025880400010000002600000000000000010001000200020000004e00000000000000`,
    'hex',
  )
  const head = Buffer.from([0xff, 0xe1, 0, exif.length + 2])
  const file = path.join(folder, `orientation-${orientation}.jpg`)
  writeFileSync(file, Buffer.concat([plain.subarray(0, 2), head, exif, plain.subarray(2)]))
  return file
}

test('a photo is shown upright, without its metadata', async () => {
  for (const [orientation, width, height, corner] of [
    [1, 160, 96, 'upper left'],
    [3, 160, 96, 'lower right'],
    [6, 96, 160, 'upper right'],
    [8, 96, 160, 'lower left'],
  ] as const) {
    const file = turnedPhoto(orientation)
    const { facts, findings } = await probe(file)
    assert.ok(facts.kind === 'photo')
    assert.deepEqual([facts.widthPixels, facts.heightPixels], [width, height])
    assert.ok(findings.some((finding) => finding.code === 'metadata-location'))
    const rendered = await render(
      {
        format: 'sightline-recipe/1',
        kind: 'photo',
        inputs: [{ item }],
        parameters: { sourceFormat: 'jpeg', maxSidePixels: 2000 },
      },
      [file],
      `photo-${orientation}`,
    )
    assert.deepEqual([rendered.widthPixels, rendered.heightPixels], [width, height])
    assert.ok(!readFileSync(rendered.path).includes('Exif'))
    const gray = decodeGray(rendered.path).frames[0] ?? new Uint8Array()
    const at = (x: number, y: number): number =>
      gray[Math.round(y * height) * width + Math.round(x * width)] ?? 0
    assert.deepEqual(
      {
        'upper left': at(0.25, 0.25) > 128,
        'upper right': at(0.75, 0.25) > 128,
        'lower left': at(0.25, 0.75) > 128,
        'lower right': at(0.75, 0.75) > 128,
      }[corner],
      true,
      `orientation ${orientation}`,
    )
  }
})

test('a HEIC photo is read and becomes a PNG', async () => {
  const png = path.join(folder, 'plain.png')
  const heic = path.join(folder, 'plain.heic')
  ffmpeg(['-f', 'lavfi', '-i', 'testsrc2=s=320x200:d=1', '-frames:v', '1', png])
  execFileSync('heif-enc', [png, '-o', heic], { stdio: 'ignore' })
  const { facts } = await probe(heic)
  assert.deepEqual(facts, {
    kind: 'photo',
    mediaType: 'image/heic',
    format: 'heic',
    widthPixels: 320,
    heightPixels: 200,
  })
  const rendered = await render(
    {
      format: 'sightline-recipe/1',
      kind: 'photo',
      inputs: [{ item }],
      parameters: { sourceFormat: 'heic', maxSidePixels: 160 },
    },
    [heic],
    'heic',
  )
  assert.equal(rendered.mediaType, 'image/png')
  assert.deepEqual([rendered.widthPixels, rendered.heightPixels], [160, 100])
})

test('a photo of too many pixels, or of none, is a finding', async () => {
  const large = path.join(folder, 'large.png')
  ffmpeg('-f lavfi -i color=s=16000x16000:d=1,format=monob -frames:v 1'.split(' ').concat(large))
  const broken = path.join(folder, 'broken.jpg')
  writeFileSync(broken, Buffer.from('ffd8ffe000104a464946', 'hex'))
  for (const [file, code] of [
    [large, 'too-many-pixels'],
    [broken, 'unreadable-media'],
  ] as const) {
    const { facts, findings } = await probe(file)
    assert.equal(facts.kind, 'other')
    assert.deepEqual(
      findings.map((finding) => finding.code),
      [code],
    )
  }
})

test('words on a cover are only words', async () => {
  const lines = ["Graphic: 'x' %{pts} \\ : , [a];", 'drawtext=textfile=in/0']
  const rendered = await render(
    {
      format: 'sightline-recipe/1',
      kind: 'cover',
      inputs: [],
      parameters: { widthPixels: 641, heightPixels: 361, lines },
    },
    [],
    'cover',
  )
  assert.deepEqual([rendered.widthPixels, rendered.heightPixels], [641, 361])
  const { video } = await frameHashes(rendered.path, rendered.mediaType)
  assert.equal(video.length, 1)
})

test('the burned clock says what timecode() says', () => {
  const width = 200
  const times = [0, 0.0004, 0.9996, 3.37099, 59.9994, 59.9996, 61.005, 754.5]
  const scene = (content: 'clock' | 'words', text: string, seconds: number): string => {
    writeFileSync(path.join(folder, 'text'), text)
    const draw = drawText({ file: 0, content, sizePixels: 20, x: '4', y: '4' })
      .replace('text/0', path.join(folder, 'text'))
      .replace('DejaVuSans.ttf', 'DejaVuSansMono.ttf')
    const raw = ffmpeg(
      `-copyts -f lavfi -i color=black:s=${width}x32:r=1:d=1,settb=1/1000000,setpts=${Math.round(seconds * 1e6)} -vf`
        .split(' ')
        .concat(draw, '-frames:v 1 -fps_mode passthrough -f framehash -'.split(' ')),
    )
    return raw.toString().trim().split(',').at(-1) ?? ''
  }
  for (const seconds of times) {
    assert.equal(
      scene('clock', ownTimeText, seconds),
      scene('words', timecode(seconds), seconds),
      timecode(seconds),
    )
  }
  assert.notEqual(scene('words', '0:01.000', 1), scene('words', '0:01.001', 1))
})

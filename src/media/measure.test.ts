import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import { ffmpeg, temporaryFolder } from './fixture.ts'
import { measurePicture } from './measure.ts'

const folder = temporaryFolder()
after(() => rmSync(folder, { recursive: true, force: true }))

const source = '-f lavfi -i testsrc=s=322x182:r=25:d=2 -f lavfi -i sine=d=2'
const kinds = [
  { name: 'index-first.mp4', mediaType: 'video/mp4', options: '-movflags +faststart' },
  { name: 'index-last.mp4', mediaType: 'video/mp4', options: '-map 1 -map 0 -c:a aac' },
  { name: 'picture.png', mediaType: 'image/png', options: '-frames:v 1 -update 1' },
  { name: 'picture.jpg', mediaType: 'image/jpeg', options: '-frames:v 1 -update 1' },
] as const

function made({ name, options }: (typeof kinds)[number]): string {
  const file = path.join(folder, name)
  ffmpeg([...source.split(' '), ...options.split(' '), file])
  return file
}

test('size and frames are those that ffprobe counts', async () => {
  for (const kind of kinds) {
    const file = made(kind)
    const probed = execFileSync('ffprobe', [
      ...'-v error -select_streams v:0 -count_packets -of csv=p=0 -show_entries'.split(' '),
      'stream=width,height,nb_read_packets',
      file,
    ])
    const size = await measurePicture(file, kind.mediaType)
    const measured = [size?.widthPixels, size?.heightPixels, size?.frames].join(',')
    assert.equal(measured, probed.toString().trim(), kind.name)
    assert.equal(size?.widthPixels, 322)
  }
})

test('a file that ends anywhere, or has any byte of its head changed, is measured or is no picture', async () => {
  for (const kind of kinds) {
    const whole = readFileSync(made(kind))
    const file = path.join(folder, 'damaged')
    let none = 0
    for (let at = 0; at < Math.min(whole.length, 1500); at += 3) {
      writeFileSync(file, whole.subarray(0, at))
      if ((await measurePicture(file, kind.mediaType)) === undefined) none += 1
      for (const value of [0, 1, 0xff]) {
        const changed = Buffer.from(whole)
        changed[at] = value
        writeFileSync(file, changed)
        const size = await measurePicture(file, kind.mediaType)
        assert.ok(size === undefined || (size.widthPixels > 0 && size.heightPixels > 0))
      }
    }
    assert.ok(none > 5, kind.name)
  }
})

test('sound alone holds no picture, and a file that is gone is an error', async () => {
  const file = path.join(folder, 'sound.m4a')
  ffmpeg('-f lavfi -i sine=d=1 -c:a aac'.split(' ').concat(file))
  assert.equal(await measurePicture(file, 'video/mp4'), undefined)
  await assert.rejects(measurePicture(path.join(folder, 'gone.png'), 'image/png'), {
    code: 'failed',
  })
})

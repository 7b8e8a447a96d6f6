/**
 * Makes examples/harbour-street's footage, photo and truth again from
 * footage.ts, and prints the visual anchors as JSON. With --letter it prints
 * the press release to PDF instead (Chromium stamps the date into it, so that
 * it is not the same bytes twice).
 */
import { execFileSync } from 'node:child_process'
import { mkdtemp, mkdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { harbourStreetScene, kerbCamera } from '../examples/harbour-street/footage.ts'
import { visualAnchors } from '../test/support/scene/anchors.ts'
import { viewOf } from '../test/support/scene/picture.ts'
import { renderScene } from '../test/support/scene/render.ts'
import type { Scene } from '../test/support/scene/scene.ts'

const example = path.join(import.meta.dirname, '..', 'examples', 'harbour-street')

function takePhoto(scene: Scene, outputPath: string): void {
  const { widthPixels, heightPixels, bytes } = viewOf(scene, kerbCamera)(scene.durationSeconds)
  execFileSync(
    'ffmpeg',
    `-v error -y -f rawvideo -pix_fmt yuv420p -s ${widthPixels}x${heightPixels} -i pipe:0`
      .split(' ')
      .concat('-pix_fmt yuvj420p -q:v 3 -flags +bitexact -fflags +bitexact -frames:v 1'.split(' '))
      .concat(['-f', 'image2', '-update', '1', outputPath]),
    { input: bytes },
  )
}

async function printLetter(): Promise<void> {
  const profile = await mkdtemp(path.join(tmpdir(), 'letter-'))
  const letter = pathToFileURL(path.join(example, 'source', 'press-release.html')).href
  try {
    execFileSync('chromium', [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--no-pdf-header-footer',
      `--user-data-dir=${profile}`,
      `--print-to-pdf=${path.join(example, 'documents', 'press-release.pdf')}`,
      letter,
    ])
  } finally {
    await rm(profile, { recursive: true, force: true })
  }
}

async function makeFootage(): Promise<void> {
  const scene = harbourStreetScene()
  await mkdir(path.join(example, 'photos'), { recursive: true })
  await renderScene(scene, path.join(example, 'footage'), {
    truthPath: path.join(example, 'truth.json'),
  })
  takePhoto(scene, path.join(example, 'photos', 'kerb.jpg'))
  process.stdout.write(JSON.stringify(visualAnchors(scene), undefined, 1) + '\n')
}

await (process.argv.includes('--letter') ? printLetter() : makeFootage())

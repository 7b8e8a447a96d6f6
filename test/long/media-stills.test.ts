import assert from 'node:assert/strict'
import { mkdirSync, rmSync } from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import { decodeGray, frameNumber, makeRecording, temporaryFolder } from '../../src/media/fixture.ts'
import { renderRecipe } from '../../src/media/render.ts'

const folder = temporaryFolder()
after(() => rmSync(folder, { recursive: true, force: true }))

const uneven = 'PTS+if(eq(mod(N,3),1),700,0)+if(gte(N,140),90000,0)+0.5/TB'
const wishes = [
  {
    name: 'open.mp4',
    videoArguments: '-c:v libx265 -x265-params open-gop=1:keyint=24:log-level=error -tag:v hvc1',
  },
  {
    name: 'b-frames.mp4',
    rotation: 90,
    videoArguments: '-c:v libx264 -bf 4 -b_strategy 0 -x264-params open-gop=1:keyint=30',
  },
  {
    name: 'fragments.mp4',
    outputArguments: '-movflags frag_keyframe+empty_moov+default_base_moof',
  },
  {
    name: 'vp9.webm',
    videoArguments: '-c:v libvpx-vp9 -cpu-used 5 -g 60 -auto-alt-ref 1 -lag-in-frames 16',
    soundArguments: '-c:a libopus',
    outputArguments: '-f webm',
  },
  { name: 'stream.ts', outputArguments: '-f mpegts' },
  {
    name: 'old.3gp',
    videoArguments: '-c:v mpeg4 -bf 0 -g 50',
    outputArguments: '-enc_time_base:v 1/30000',
  },
] as const

for (const { name, ...wish } of wishes) {
  test(`forty stills of ${name} are the forty frames asked for`, async () => {
    const words = (text: string | undefined): { readonly list?: readonly string[] } =>
      text === undefined ? {} : { list: text.split(' ') }
    const [video, sound, output] = [
      words('videoArguments' in wish ? wish.videoArguments : undefined),
      words('soundArguments' in wish ? wish.soundArguments : undefined),
      words('outputArguments' in wish ? wish.outputArguments : undefined),
    ]
    const recording = await makeRecording(folder, {
      name,
      frames: 240,
      framesPerSecond: 30,
      times: uneven,
      ...('rotation' in wish ? { rotation: wish.rotation } : {}),
      ...(video.list === undefined ? {} : { videoArguments: video.list }),
      ...(sound.list === undefined ? {} : { soundArguments: sound.list }),
      ...(output.list === undefined ? {} : { outputArguments: output.list }),
    })
    const { ticks, endTicks } = recording.video.frames
    for (let round = 0; round < 40; round += 1) {
      const frame = (round * 101 + 7) % ticks.length
      const output = path.join(folder, `${name}-${round}`)
      mkdirSync(output)
      const still = await renderRecipe(
        {
          format: 'sightline-recipe/1',
          kind: 'still',
          inputs: [{ item: 'a'.repeat(64), container: recording.facts.container }],
          parameters: {
            picture: recording.video.picture,
            frame,
            ticks: ticks[frame] ?? 0,
            endTicks: ticks[frame + 1] ?? endTicks,
            maxSidePixels: 1280,
          },
        },
        [recording.path],
        output,
      )
      const { frames, width, height } = decodeGray(still.path)
      assert.equal(
        frameNumber(frames[0] ?? new Uint8Array(), width, { x: 0, y: 0, width, height }),
        frame,
      )
    }
  })
}

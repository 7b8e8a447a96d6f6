import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleCaseYaml } from '../../test/support/sample-story/sample-case.ts'
import { sampleMaterial } from '../../test/support/sample-story/sample-material.ts'
import { captionTrackOf } from './captions.ts'
import { playersOf } from './players.ts'

function trackOf(playerId: string, caseYaml = sampleCaseYaml): string {
  const { material } = sampleMaterial({ caseYaml })
  const player = playersOf(material).find((each) => each.id === playerId)
  assert.ok(player, `no player ${playerId}`)
  return captionTrackOf(material, player)?.text ?? ''
}

test('words spoken in one recording stand at their time in the composite', () => {
  // bakery: clock = own − 6.5, composite from −4: 4.2 s own is 1.7 s into the video.
  assert.match(
    trackOf('together-main'),
    /00:00:01\.700 --> 00:00:02\.900\n“Anna”, a baker, Bakery window: Stop the cart!/,
  )
})

test('drift of a recording moves its words in the composite', () => {
  // bridge: −6.3503 + 1.00004 × 7.9 − (−4) = 5.550016
  assert.match(trackOf('together-main'), /00:00:05\.550 --> 00:00:07\.250\nA cyclist/)
})

test('in a segment words stand in its own time, from its first frame', () => {
  // The segment from 6 to 9 s starts at frame 150, exactly 6 s.
  assert.match(trackOf('second-main'), /00:00:01\.900 --> 00:00:03\.000\nA cyclist/)
})

test('in slow motion a sound comes as many times later as the picture is slowed', () => {
  assert.match(trackOf('wheel-real-speed'), /00:00:00\.500 --> /)
  assert.match(trackOf('wheel-slow'), /00:00:02\.000 --> /)
})

test('a quote cannot end its cue, start another or bring markup', () => {
  const hostile = sampleCaseYaml.replace(
    'quote: Stop the cart!',
    'quote: "x\\n\\n99:00:00.000 --> 99:00:01.000\\n<b>y</b> & \\u202Ez"',
  )
  const cue = trackOf('together-main', hostile).split('\n\n')[1]
  assert.equal(
    cue?.split('\n')[2],
    '“Anna”, a baker, Bakery window: x 99:00:00.000 --&gt; 99:00:01.000 &lt;b&gt;y&lt;/b&gt; &amp; ⟨U+202E⟩z',
  )
})

test('a video in which nothing is heard has no track', () => {
  const silent = sampleCaseYaml.replaceAll(
    'kind: impulsive sound, decision: confirmed, by: R. Okonjo',
    'kind: event',
  )
  assert.equal(trackOf('wheel-slow', silent), '')
})

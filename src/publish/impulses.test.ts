import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleCaseYaml } from '../../test/support/sample-story/sample-case.ts'
import { sampleMaterial } from '../../test/support/sample-story/sample-material.ts'
import { storyBundle } from './story-bundle.ts'

const confirmed = 'decision: confirmed, by: R. Okonjo'

function filesOf(caseYaml: string): ReadonlyMap<string, string> {
  return new Map(
    storyBundle(sampleMaterial({ caseYaml }).material).map((file) => [
      file.path,
      'bytes' in file ? new TextDecoder().decode(file.bytes) : '',
    ]),
  )
}

function pageOf(caseYaml: string): string {
  return (filesOf(caseYaml).get('index.html') ?? '').replaceAll('\u00a0', ' ')
}

test('the page counts confirmed impulsive sounds, says by whom, in how many recordings, and the interval', () => {
  const page = pageOf(sampleCaseYaml)
  assert.match(page, /Two impulsive sounds, confirmed by <bdi>R. Okonjo<\/bdi>\./)
  assert.match(page, /Heard in 2 of 3 recordings\. 1\.39 s ± 0\.16 s to the next impulsive sound\./)
})

test('a rejected sound, and one that nobody decided on, stand nowhere in the bundle', () => {
  for (const [decision, other] of [
    ['decision: rejected, by: R. Okonjo', 'rejected'],
    [undefined, 'undecided'],
  ] as const) {
    const [before = '', second = ''] = sampleCaseYaml.split('- { id: bang-2')
    const changed = second.replace(
      decision === undefined ? `, ${confirmed}` : confirmed,
      decision ?? '',
    )
    const files = filesOf(`${before}- { id: bang-2${changed}`)
    assert.match(files.get('index.html') ?? '', /One impulsive sound, confirmed by/, other)
    for (const [path, text] of files)
      assert.ok(!/bang-2|Second bang/.test(text), `${other}: ${path}`)
    const timeline = JSON.parse(files.get('data/timeline.json') ?? '{}') as {
      impulsiveSounds: { count: number; confirmed: { event: string; toNextSeconds?: number }[] }
    }
    assert.equal(timeline.impulsiveSounds.count, 1)
    assert.equal(timeline.impulsiveSounds.confirmed[0]?.toNextSeconds, undefined)
  }
})

test('without confirmed sounds the page counts none', () => {
  const page = pageOf(sampleCaseYaml.replaceAll(`, ${confirmed}`, ''))
  assert.ok(!page.includes('impulsive sounds, confirmed') && !page.includes('First bang</span>'))
})

test('who confirmed is text on the page, never markup', () => {
  const page = pageOf(sampleCaseYaml.replaceAll(confirmed, 'decision: confirmed, by: "<b>x</b>"'))
  assert.ok(page.includes('&#x3C;b>x') && !page.includes('<b>x</b>'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sampleCaseYaml, sampleStoryMarkdown } from '../../test/support/sample-story/sample-case.ts'
import {
  sampleMaterial,
  type SampleOptions,
} from '../../test/support/sample-story/sample-material.ts'
import type { BundleFile } from '../case/bundle.ts'
import { PublishError } from './publish-error.ts'
import { storyBundle } from './story-bundle.ts'

function bundleOf(options: SampleOptions = {}): ReadonlyMap<string, string> {
  return textsOf(storyBundle(sampleMaterial(options).material))
}

function textsOf(files: readonly BundleFile[]): ReadonlyMap<string, string> {
  return new Map(
    files.map((file) => [
      file.path,
      'bytes' in file ? new TextDecoder().decode(file.bytes) : file.blob,
    ]),
  )
}

function pageOf(options: SampleOptions = {}): string {
  return bundleOf(options).get('index.html') ?? ''
}

function json(files: ReadonlyMap<string, string>, path: string): Record<string, never> {
  return JSON.parse(files.get(path) ?? 'null') as Record<string, never>
}

test('the same material gives the same bytes', () => {
  assert.deepEqual(bundleOf(), bundleOf())
})

test('every file that the page links to is in the bundle or in proof/', () => {
  const files = bundleOf()
  const linked = [...pageOf().matchAll(/ (?:href|src|poster)="([^"#][^"]*)"/g)].map(
    ([, address]) => address ?? '',
  )
  assert.ok(linked.length > 30)
  const missing = linked.filter(
    (path) => !files.has(path) && !path.startsWith('proof/') && !path.startsWith('assets/'),
  )
  assert.deepEqual(missing, [])
})

test('every address within the page leads to an id that is there once', () => {
  const page = pageOf()
  const ids = [...page.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id ?? '')
  assert.equal(new Set(ids).size, ids.length)
  const targets = [...page.matchAll(/ href="#([^"]*)"/g)].map(([, id]) => id ?? '')
  assert.deepEqual(
    targets.filter((id) => !ids.includes(id)),
    [],
  )
})

test('no file name of an original, no position and no private note leaves', () => {
  const canaries = ['canary-file-name', '48151', 'canary-note']
  const caseYaml = sampleCaseYaml
    .replace('footage/a.mp4', 'footage/canary-file-name.mp4')
    .replace(
      'label: Footbridge,',
      'label: Footbridge, position: { x: 48151, y: 0 }, note: canary-note,',
    )
  for (const [path, text] of bundleOf({ caseYaml })) {
    for (const canary of canaries) assert.ok(!text.includes(canary), `${canary} in ${path}`)
  }
})

test('user text is text: tags, attributes and script addresses do not work', () => {
  const attack = '"><img src=x onerror=alert(1)><script>alert(2)</script>'
  const yaml = JSON.stringify(attack)
  const caseYaml = sampleCaseYaml
    .replace('label: Footbridge,', `label: ${yaml},`)
    .replace('name: A cyclist on the footbridge,', `name: ${yaml},`)
    .replace('text: No person was hurt.', `text: ${yaml}`)
    .replace('label: Second bang,', `label: ${yaml},`)
    .replace('by: L. Marsh', `by: ${yaml}`)
    .replace("title: 'The Eastmere Courier, page 3'", `title: ${yaml}`)
  const storyMarkdown = sampleStoryMarkdown
    .replace('title: Nine seconds on Ropewalk Lane', `title: ${JSON.stringify(attack)}`)
    .replace(
      '## The wheel',
      [
        '<script>alert(3)</script><img src=x onerror=alert(4)>',
        '[a](javascript:alert(5)) [b](data:text/html,x) [c](vbscript:x) <javascript:alert(6)>',
        '![drawn](https://elsewhere.example/pixel.png)',
        '## The wheel <b onclick="alert(7)">x</b>',
      ].join('\n\n'),
    )
  const page = pageOf({ caseYaml, storyMarkdown })
  const parsed = [...page.matchAll(/<[a-z][^>]*>/gi)].map(([tag]) => tag)
  const scripts = parsed.filter((tag) => tag.startsWith('<script'))
  assert.deepEqual(scripts, [
    '<script src="assets/story.js" defer>',
    '<script type="application/ld+json">',
  ])
  assert.deepEqual(
    parsed.filter((tag) => /^<(?:iframe|object|embed|form|style|base)/i.test(tag)),
    [],
  )
  // Attributes' values may hold the words of an attack, as text: names of attributes may not.
  const names = parsed.flatMap((tag) =>
    [...tag.replaceAll(/"[^"]*"/g, '""').matchAll(/ ([a-z-]+)/g)].map(([, name]) => name ?? ''),
  )
  assert.deepEqual(
    names.filter((name) => name.startsWith('on') || name === 'style' || name === 'srcdoc'),
    [],
  )
  assert.doesNotMatch(page, /(?:href|src)="(?:javascript|data|vbscript|https?):/i)
  assert.match(page, /&#x3C;script>alert\(2\)&#x3C;\/script>/)
})

test('structured data cannot end its element and claims no verdict', () => {
  const storyMarkdown = sampleStoryMarkdown.replace(
    'byline: The Eastmere Desk',
    'byline: "</script><script>alert(1)</script>"',
  )
  const page = pageOf({ storyMarkdown })
  const block = /<script type="application\/ld\+json">(.*?)<\/script>/s.exec(page)?.[1] ?? ''
  const data = JSON.parse(block) as {
    author: { name: string }
    video: unknown[]
    mentions: unknown[]
  }
  assert.equal(data.author.name, '</script><script>alert(1)</script>')
  assert.equal(data.video.length, 4)
  assert.equal(data.mentions.length, 3)
  assert.ok(!block.includes('ClaimReview'))
})

test('a word of ten thousand letters does not stop the page', () => {
  const long = 'x'.repeat(10_000)
  const page = pageOf({ storyMarkdown: sampleStoryMarkdown.replace('What followed', long) })
  assert.ok(page.includes(long))
})

test('guarded footage has its warning first, is not loaded and shows its cover', () => {
  const page = pageOf()
  const figure = /<figure class="exhibit exhibit-segment".*?<\/figure>/s.exec(page)?.[0] ?? ''
  assert.ok(figure.indexOf('Nobody is seen to be hurt') < figure.indexOf('<video'))
  assert.match(figure, /<details class="guarded">/)
  assert.match(figure, /preload="none"/)
  assert.match(figure, /poster="media\/second-poster\.png"/)
  assert.match(figure, /href="#after-second"/)
})

test('no video plays by itself', () => {
  assert.doesNotMatch(pageOf(), /autoplay|loop=|<video[^>]* muted/)
})

test('slow motion stands beside real speed at the same size, with its factor', () => {
  const figure =
    /<figure class="exhibit exhibit-slow-motion".*?<\/figure>/s.exec(pageOf())?.[0] ?? ''
  const sizes = [...figure.matchAll(/<video[^>]* width="(\d+)" height="(\d+)"/g)].map(
    ([, width, height]) => `${width}×${height}`,
  )
  assert.equal(sizes.length, 2)
  assert.equal(sizes[0], sizes[1])
  assert.match(figure, /Slow motion, 0\.25×/)
  assert.match(figure, /0\.25× speed, enlarged 4×, nearest neighbour,[^<]* otherwise unaltered/)
})

test('the order of two events is left open where their intervals overlap, and only there', () => {
  const page = pageOf()
  const unsaid = [...page.matchAll(/<li id="(event-[^"]+)"[^>]*>(?:(?!<\/li>).)*cannot be said/gs)]
  assert.deepEqual(
    unsaid.map(([, id]) => id),
    ['event-cart-stops'],
  )
})

test('a notice on a recording stands at each exhibit that shows it, and only there', () => {
  const figures = [...pageOf().matchAll(/<figure class="exhibit[^"]*" id="([^"]+)".*?<\/figure>/gs)]
  const noticed = figures.filter(([figure]) => figure.includes('not evenly spaced'))
  assert.deepEqual(
    noticed.map(([, id]) => id),
    ['together', 'second'],
  )
})

test('a list that the story does not place still stands on the page', () => {
  const storyMarkdown = sampleStoryMarkdown.replace('::questions', '').replace('::claims', '')
  const page = pageOf({ storyMarkdown })
  assert.match(page, /<h2[^>]*>Open questions/)
  assert.match(page, /id="claim-single"/)
})

test('headings go down one level at a time', () => {
  const storyMarkdown = sampleStoryMarkdown.replace(
    '## The wheel',
    '# One\n\n#### Two\n\n###### Three\n\n## Four',
  )
  const levels = [...pageOf({ storyMarkdown }).matchAll(/<h([1-6])/g)].map(([, level]) =>
    Number(level),
  )
  assert.equal(levels[0], 1)
  for (const [index, level] of levels.entries()) {
    assert.ok(index === 0 || level <= (levels[index - 1] ?? 0) + 1, levels.join(' '))
    assert.ok(index === 0 || level > 1)
  }
})

test('statements are annotations that quote, and point at page or time', () => {
  const { items } = json(bundleOf(), 'data/annotations.json') as unknown as {
    items: { id: string; target: { source: string; selector: unknown } }[]
  }
  const of = (id: string) => items.find((item) => item.id.endsWith(id))?.target
  assert.deepEqual(of('#statement-one-bang')?.selector, {
    type: 'FragmentSelector',
    conformsTo: 'http://tools.ietf.org/rfc/rfc3778',
    value: 'page=1',
    refinedBy: {
      type: 'TextQuoteSelector',
      exact: 'a single warning device was used after the cart had come to a halt',
    },
  })
  assert.deepEqual(of('#statement-stop')?.selector, [
    {
      type: 'FragmentSelector',
      conformsTo: 'http://www.w3.org/TR/media-frags/',
      value: 't=4.2,5.4',
    },
    { type: 'TextQuoteSelector', exact: 'Stop the cart!' },
  ])
  // RFC 6920: 32 bytes are 43 letters of base64url.
  assert.match(of('#statement-stop')?.source ?? '', /^ni:\/\/\/sha-256;[A-Za-z0-9_-]{43}$/)
})

test('exhibits name file, hash, recipe and originals', () => {
  const { exhibits } = json(bundleOf(), 'data/exhibits.json') as unknown as {
    exhibits: {
      id: string
      parts: { role: string; recipe: string; originals: string[]; sha256: string; path: string }[]
    }[]
  }
  const together = exhibits.find(({ id }) => id === 'together')?.parts[0]
  assert.equal(together?.originals.length, 3)
  assert.match(together?.recipe ?? '', /^proof\/recipes\/[0-9a-f]{64}\.json$/)
  assert.equal(bundleOf().get(together?.path ?? ''), together?.sha256)
})

test('two different files under one path are refused', () => {
  const clash = { path: 'Index.html', bytes: new Uint8Array() }
  assert.throws(
    () => storyBundle(sampleMaterial({ assets: [clash] }).material),
    (error) => error instanceof PublishError && error.code === 'path-unusable',
  )
})

test('a path that leads outside the bundle is refused', () => {
  const outside = { path: 'assets/../../x', bytes: new Uint8Array() }
  assert.throws(
    () => storyBundle(sampleMaterial({ assets: [outside] }).material),
    (error) => error instanceof PublishError && error.code === 'path-unusable',
  )
})

test('an exhibit that was not rendered is named', () => {
  const { material } = sampleMaterial()
  const exhibits = new Map([...material.exhibits].filter(([id]) => id !== 'wheel'))
  assert.throws(
    () => storyBundle({ ...material, exhibits }),
    (error) =>
      error instanceof PublishError &&
      error.code === 'exhibit-missing' &&
      error.message.includes('"wheel"'),
  )
})

test('times of day stand in the incident’s zone', () => {
  const caseYaml = sampleCaseYaml.replace('timezone: UTC', 'timezone: Etc/GMT-2')
  assert.match(pageOf({ caseYaml }), /3 June 2026, 11:30 UTC\+2/)
})

test('a date with a time of day is said in the incident’s zone too', () => {
  const caseYaml = sampleCaseYaml
    .replace('timezone: UTC', 'timezone: Etc/GMT-2')
    .replace('asked: 2026-05-20, would', "asked: '2026-05-20T07:30:00Z', would")
  assert.match(
    pageOf({ caseYaml }),
    /<time datetime="2026-05-20T07:30:00Z">20 May 2026, 09:30 UTC\+2</,
  )
})

test('passages that start on one line share their number’s place', () => {
  const { material } = sampleMaterial()
  const box = { x: 0.2, y: 0.3, width: 0.1, height: 0.02 }
  const passages = new Map(
    [...material.passages].map(([id, passage], index) => [
      id,
      { ...passage, boxes: [{ ...box, x: 0.2 + index * 0.3 }] },
    ]),
  )
  const page = textsOf(storyBundle({ ...material, passages })).get('index.html') ?? ''
  const marks = /<svg class="marks".*?<\/svg>/s.exec(page)?.[0] ?? ''
  assert.deepEqual(
    [...marks.matchAll(/<text[^>]*>([^<]*)</g)].map(([, numbers]) => numbers),
    ['1, 2'],
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Case } from './case-schema.ts'
import { readCase } from './read-case.ts'
import { readStory } from './read-story.ts'

const facts: Case = (() => {
  const { case: read } = readCase(`format: sightline-case/1
incident: { id: quay, title: T, place: P, date: 2026-05-17 }
footage:
  - { id: a, file: footage/a.mp4, label: A }
  - { id: b, file: footage/b.mp4, label: B }
documents: [{ id: letter, file: documents/letter.pdf, title: Letter }]
claims: [{ id: c, text: C. }]
`)
  assert.ok(read)
  return read
})()

const front = '---\ntitle: T\nstandfirst: S\nbyline: B\n---\n'

function problemsOf(body: string) {
  return readStory(front + body, facts).problems
}

test('exhibits are read with their captions and times', () => {
  const { story, problems } = readStory(
    `${front}
Text with a :moment[flash]{footage="a" at="3.5"} at 5:12 pm.

::composite[Two angles]{id="both" from="-2" to="8.5" angles="a, b" sound="b"}

::slow-motion[The step]{footage="a" from="1" to="2" speed="0.25" crop="10,20,160,90" enlarge="4"}
`,
    facts,
  )
  assert.deepEqual(problems, [])
  const both = story?.places.get('both')
  assert.ok(both?.kind === 'composite')
  assert.deepEqual(
    [both.fromSeconds, both.toSeconds, both.angles, both.sound],
    [-2, 8.5, ['a', 'b'], 'b'],
  )
  const slow = story?.places.get('slow-motion-1')
  assert.ok(slow?.kind === 'slow-motion')
  assert.deepEqual(
    [slow.slowdown, slow.factor, slow.kernel, slow.caption],
    [4, 4, 'neighbor', 'The step'],
  )
})

for (const [name, body, code, says] of [
  [
    'a directive that does not exist',
    '::compositte[x]{}',
    'unknown-directive',
    /there are composite/,
  ],
  [
    'footage that is not in the case',
    '::still{footage="z" at="1"}',
    'unknown-reference',
    /there: a, b/,
  ],
  [
    'a time that is no number',
    '::still{footage="a" at="noon"}',
    'directive-attribute',
    /give seconds/,
  ],
  ['an end before its start', '::segment{footage="a" from="5" to="4"}', 'time-range', /later than/],
  [
    'a speed that would invent frames',
    '::slow-motion{footage="a" from="1" to="2" speed="0.3"}',
    'directive-attribute',
    /no frame has to be invented/,
  ],
  [
    'an attribute nobody knows',
    '::still{footage="a" at="1" zoom="4"}',
    'directive-attribute',
    /"zoom" is not known/,
  ],
  [
    'an enlargement that does not say of what',
    '::still{footage="a" at="1" enlarge="4"}',
    'directive-attribute',
    /needs crop/,
  ],
  [
    'one id used twice',
    '::still{id="x" footage="a" at="1"}\n\n::still{id="x" footage="a" at="2"}',
    'duplicate-id',
    /used twice/,
  ],
  [
    'a moment in unknown footage',
    'See :moment[this]{footage="q" at="1"}.',
    'unknown-reference',
    /no footage "q"/,
  ],
] as const) {
  test(`${name} is a problem with line and column`, () => {
    const problem = problemsOf(`\n${body}\n`).find((candidate) => candidate.code === code)
    assert.ok(problem, JSON.stringify(problemsOf(body)))
    assert.match(problem.message, says)
    assert.ok(problem.line >= 7 && problem.column >= 1)
  })
}

test('front matter without a standfirst is a problem on its line', () => {
  const { story, problems } = readStory('---\ntitle: T\nbyline: B\ncolour: red\n---\n', facts)
  assert.equal(story, undefined)
  assert.deepEqual(
    problems.map((problem) => problem.code),
    ['story-front-matter', 'story-front-matter'],
  )
  assert.deepEqual(
    problems.map((problem) => problem.line).toSorted((a, b) => a - b),
    [2, 4],
  )
})

test('a story without front matter says what is missing', () => {
  const { problems } = readStory('# Hello', facts)
  assert.equal(problems[0]?.code, 'story-front-matter')
})

test('quotes, lists and containers that lie too deep are a problem, and cost no time', () => {
  const words = (problems: ReturnType<typeof problemsOf>) =>
    problems.map(({ code, line, message }) => [code, line, message.split(' more ')[0]])
  const said = 'quotes, lists and containers lie within each other'
  const startedAt = performance.now()
  for (const mark of ['- ', '> ', '>', '1. ', ' * ', '> + ']) {
    const body = `\nText.\n\n${mark.repeat(mark === '> + ' ? 51 : 101)}deep\n`
    assert.deepEqual(words(problemsOf(body)), [['story-shape', 9, said]], mark)
    assert.deepEqual(problemsOf(body.replaceAll(mark.repeat(2), mark)), [], mark)
  }
  assert.deepEqual(words(problemsOf(`${'- '.repeat(200_000)}deep\n`)), [['story-shape', 6, said]])
  const open = `${':::shows\n'.repeat(5000)}deep\n`
  assert.deepEqual(words(problemsOf(open)), [['story-shape', 106, said]])
  const apart = problemsOf(':::shows\na\n:::\n\n'.repeat(150))
  assert.ok(!apart.some(({ code }) => code === 'story-shape'), JSON.stringify(apart))
  assert.ok(performance.now() - startedAt < 3000, 'it was parsed')
  const indented = Array.from({ length: 250 }, (_, depth) => `${'  '.repeat(depth)}- a\n`)
  assert.deepEqual(words(problemsOf(`\n${indented.join('')}`)), [['story-shape', 1, said]])
  assert.deepEqual(problemsOf(`\n${'-'.repeat(300)}\n\n${'*'.repeat(300)}\n`), [])
})

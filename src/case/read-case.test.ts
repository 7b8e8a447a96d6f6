import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readCase } from './read-case.ts'

const small = `format: sightline-case/1
incident:
  id: quay
  title: A quarrel at the quay
  place: The quay, Port Ellery
  date: 2026-05-17
footage:
  - id: a
    file: footage/a.mp4
    label: From the bridge
sources:
  - id: walker
    name: Witness A
    kind: witness
claims:
  - id: two-shots
    text: Two shots were fired.
accounts:
  - id: walker-says
    source: walker
    date: 2026-05~
    note: I heard two.
statements:
  - id: s1
    account: walker-says
    quote: I heard two.
    on: [{ claim: two-shots, stance: asserts }]
events:
  - id: bang
    label: First impulsive sound
    footage: a
    at: 4.2
    kind: impulsive sound
    decision: confirmed
    by: Investigator, Quay desk
`

test('a small case is read with its defaults', () => {
  const { case: facts, problems } = readCase(small)
  assert.deepEqual(problems, [])
  assert.equal(facts?.incident.timezone, 'UTC')
  assert.equal(facts?.statements[0]?.on[0]?.stance, 'asserts')
})

for (const { name, change, code, line, column, says } of [
  {
    name: 'a quote that is never closed is a syntax problem on its line',
    change: (text: string) => text.replace('title: A quarrel at the quay', 'title: "A quarrel'),
    code: 'yaml-syntax',
    line: undefined,
    column: undefined,
    says: /correct the YAML/,
  },
  {
    name: 'a misspelt key is named where it stands',
    change: (text: string) => text.replace('    label: From', '    lable: From'),
    code: 'case-shape',
    line: 10,
    column: 5,
    says: /"lable" is not known/,
  },
  {
    name: 'a missing key is named at its entry',
    change: (text: string) => text.replace('    kind: witness\n', ''),
    code: 'case-shape',
    line: 12,
    column: 5,
    says: /sources\[1\]\.kind/,
  },
  {
    name: 'a path that leads outside the case folder is refused',
    change: (text: string) => text.replace('footage/a.mp4', '../../etc/passwd'),
    code: 'file-path',
    line: 9,
    column: 11,
    says: /inside the case folder/,
  },
  {
    name: 'a date that is not EDTF is refused',
    change: (text: string) => text.replace('date: 2026-05-17', 'date: last Sunday'),
    code: 'date-not-edtf',
    line: 6,
    column: 9,
    says: /EDTF/,
  },
  {
    name: 'a statement on a claim that does not exist is found',
    change: (text: string) => text.replace('claim: two-shots,', 'claim: three-shots,'),
    code: 'unknown-reference',
    line: 27,
    column: 19,
    says: /no entry "three-shots" in claims \(there: two-shots\)/,
  },
  {
    name: 'a sound confirmed by nobody is refused where the decision stands',
    change: (text: string) => text.replace('    by: Investigator, Quay desk\n', ''),
    code: 'case-shape',
    line: 34,
    column: 15,
    says: /events\[1\]\.decision: .*who decided/,
  },
  {
    name: 'a decision other than confirmed or rejected is refused',
    change: (text: string) => text.replace('decision: confirmed', 'decision: gunshot'),
    code: 'case-shape',
    line: 34,
    column: 15,
    says: /confirmed.*rejected/,
  },
  {
    name: 'a decision on what is no impulsive sound is refused',
    change: (text: string) => text.replace('    kind: impulsive sound\n', ''),
    code: 'case-shape',
    line: 33,
    column: 15,
    says: /impulsive sound/,
  },
  {
    name: 'a name without a decision is refused',
    change: (text: string) => text.replace('    decision: confirmed\n', ''),
    code: 'case-shape',
    line: 34,
    column: 9,
    says: /no "decision"/,
  },
  {
    name: 'a time zone that there is not is found, not read as another',
    change: (text: string) =>
      text.replace('  date: 2026-05-17', '  date: 2026-05-17\n  timezone: Nowhere/City'),
    code: 'case-shape',
    line: 7,
    column: 13,
    says: /no IANA time zone/,
  },
  {
    name: 'a control character before a quote is found',
    change: (text: string) =>
      text.replace('quote: I heard two.', 'quote: I heard two.\n    prefix: "a\\x07b"'),
    code: 'case-shape',
    line: 27,
    column: 13,
    says: /control character/,
  },
  {
    name: 'an id used twice is found',
    change: (text: string) =>
      text.replace('sources:', '  - id: a\n    file: footage/b.mp4\n    label: B\nsources:'),
    code: 'duplicate-id',
    line: 11,
    column: 9,
    says: /used twice/,
  },
  {
    name: 'an id of a recording and of a photo is found',
    change: (text: string) =>
      text.replace(
        'sources:',
        'photos:\n  - { id: a, file: photos/a.jpg, label: A, alt: A }\nsources:',
      ),
    code: 'duplicate-id',
    line: 12,
    column: 11,
    says: /"a" is an id in footage too/,
  },
]) {
  test(name, () => {
    const { problems } = readCase(change(small))
    const problem = problems.find(
      (candidate) => candidate.code === code && says.test(candidate.message),
    )
    assert.ok(problem, `expected ${code} in ${JSON.stringify(problems)}`)
    if (line !== undefined) assert.deepEqual([problem.line, problem.column], [line, column])
  })
}

test('aliases that would expand without bound are refused', () => {
  const bomb = `a: &a [x,x,x,x,x,x,x,x]\n${Array.from('bcdefgh')
    .map(
      (key, i) =>
        `${key}: &${key} [${Array.from({ length: 9 }, () => `*${'abcdefg'.charAt(i)}`).join(',')}]`,
    )
    .join('\n')}\n`
  const { problems } = readCase(bomb)
  assert.equal(problems[0]?.code, 'yaml-syntax')
  assert.match(problems[0]?.message ?? '', /aliases/)
})

test('what is not a mapping at all is a clear problem and no crash', () => {
  for (const text of ['', '- 1\n- 2', 'just words', '\0\0\0', '{]', '? [a, b]\n: c']) {
    const { case: facts, problems } = readCase(text)
    assert.equal(facts, undefined)
    assert.ok(problems.length > 0, JSON.stringify(text))
    assert.ok(problems.every((problem) => problem.line >= 1 && problem.column >= 1))
  }
})

import { toHex } from '../../../src/custody/bytes.ts'
import { canonicalJson } from '../../../src/custody/canonical-json.ts'
import { commitRecord } from '../../../src/custody/commitment.ts'
import { type CustodyVector, bytes32, hash } from './custody-vector.ts'

const canonical = (name: string, text: string, codes: string[] = []): CustodyVector => ({
  name: `canonical-json-${name}`,
  kind: 'canonical-json',
  codes,
  text,
})
const bad = ['not-canonical']
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

export const canonicalVectors = [
  canonical(
    'valid',
    '{"":null,"A":[true,false],"a":{"b":-1},"é":"ü\\u001f\\n\\\\\\"/\u007f\u2028"}',
  ),
  canonical('valid-largest-integers', '[9007199254740991,-9007199254740991]'),
  // RFC 8785 section 3.2.3: U+FB33 sorts after the surrogates of U+1F600.
  canonical(
    'valid-order-by-utf16',
    '{"\r":1,"1":2,"\u0080":3,"ö":4,"€":5,"😀":6,"דּ":7}'.replace('\r', '\\r'),
  ),
  canonical('order-by-code-point', '{"דּ":7,"😀":6}', bad),
  canonical('valid-prototype-name', '{"__proto__":1,"constructor":2}'),
  canonical('valid-depth-32', nested(32)),
  canonical('depth-33', nested(33), bad),
  canonical('depth-50000', nested(50_000), bad),
  canonical('integer-too-large', '9007199254740992', bad),
  canonical('integer-of-5000-digits', '9'.repeat(5000), bad),
  canonical('minus-zero', '-0', bad),
  canonical('fraction', '1.5', bad),
  canonical('fraction-of-integer', '1.0', bad),
  canonical('exponent', '1e3', bad),
  canonical('not-a-number', 'NaN', bad),
  canonical('member-twice', '{"a":1,"a":1}', bad),
  canonical('members-unsorted', '{"b":1,"a":1}', bad),
  canonical('white-space', '{"a": 1}', bad),
  canonical('white-space-after', '{"a":1}\n', bad),
  canonical('byte-order-mark', '\ufeff{}', bad),
  canonical('escape-not-needed', '"\\u0061"', bad),
  canonical('escape-in-capitals', '"\\u001F"', bad),
  canonical('solidus-escaped', '"\\/"', bad),
  canonical('lone-surrogate', '"\\ud800"', bad),
  canonical('control-character', '"\u0001"', bad),
  canonical('two-values', '{}{}', bad),
  canonical('nothing', '', bad),
]

const act = { at: '2031-05-04T17:03:12Z', actor: 'desk:editor', tool: 'sightline 0.1.0' }
const received = {
  ...act,
  type: 'item-received',
  incident: 'ferry-landing',
  item: hash,
  sizeBytes: 0,
  mediaType: 'video/mp4',
}
const record = (name: string, value: unknown, codes: string[] = []): CustodyVector => ({
  name: `record-${name}`,
  kind: 'record',
  codes,
  text: typeof value === 'string' ? value : canonicalJson(value),
})
const malformed = ['record-malformed']
const incident = 'ferry-landing'
const link = 'link-00a1b2c3d4e5f607'
const tip = 'tip-00a1b2c3d4e5f607'
const edited = {
  ...act,
  type: 'case-record-edited',
  incident,
  kind: 'claims',
  record: 'two-shots',
  version: 1,
  bodySha256: hash,
}
const decided = {
  ...act,
  type: 'comment-decided',
  incident,
  commentSha256: hash,
  decision: 'rejected',
}
const person = { person: 'p-0123456789abcdef', role: 'editor' }
const { tool: _tool, ...withoutTool } = received

export const recordVectors = [
  record('valid-incident-opened', { ...act, type: 'incident-opened', incident }),
  record('valid-item-received', received),
  record('valid-item-seen-again', { ...act, type: 'item-seen-again', incident, item: hash }),
  record('valid-item-collected', {
    ...act,
    type: 'item-collected',
    incident,
    item: hash,
    collectionSha256: hash,
  }),
  record('valid-item-named', { ...act, type: 'item-named', item: hash, name: '../-i x\n😀' }),
  record('valid-case-imported', {
    ...act,
    type: 'case-imported',
    incident,
    caseSha256: hash,
    storySha256: hash,
  }),
  record('valid-case-written', {
    ...act,
    type: 'case-written',
    incident,
    caseSha256: hash,
    storySha256: hash,
  }),
  record('valid-case-record-edited', edited),
  record('valid-case-record-removed', {
    ...act,
    type: 'case-record-removed',
    incident,
    kind: 'claims',
    record: '1',
    version: 2,
  }),
  record('valid-comments-posted', {
    ...act,
    type: 'comments-posted',
    incident,
    comments: ['01'.repeat(32), hash],
  }),
  record('valid-comment-decided', decided),
  record('valid-derivative-made', {
    ...act,
    type: 'derivative-made',
    incident,
    kind: 'slow-motion',
    recipeSha256: hash,
    outputSha256: hash,
  }),
  record('valid-alignment-made', {
    ...act,
    type: 'alignment-made',
    incident,
    inputs: ['01'.repeat(32), hash],
    resultSha256: hash,
  }),
  record('valid-story-published', {
    ...act,
    type: 'story-published',
    incident,
    revision: 1,
    manifestSha256: hash,
  }),
  record('valid-finding-noted', { ...act, type: 'finding-noted', item: hash, code: 'truncated' }),
  record('valid-link-opened', { ...act, type: 'link-opened', incident, link }),
  record('valid-link-closed', { ...act, type: 'link-closed', incident, link }),
  record('valid-tip-received', { ...act, type: 'tip-received', incident, link, tip }),
  record('valid-tip-file-received', {
    ...act,
    type: 'tip-file-received',
    incident,
    tip,
    item: hash,
    sizeBytes: 1,
  }),
  record('valid-tip-accepted', { ...act, type: 'tip-accepted', incident, tip }),
  record('valid-tip-declined', { ...act, type: 'tip-declined', incident, tip }),
  record('valid-tip-withdrawn', { ...act, type: 'tip-withdrawn', incident, tip }),
  record('valid-original-read', { ...act, type: 'original-read', incident, item: hash }),
  record('valid-role-given', { ...act, ...person, type: 'role-given', within: '*' }),
  record('valid-role-taken', { ...act, ...person, type: 'role-taken', within: incident }),
  record('valid-recovery-link-made', {
    ...act,
    type: 'recovery-link-made',
    person: 'p-0123456789abcdef',
  }),
  record(
    'of-named-person',
    { ...act, ...person, type: 'role-given', person: 'Ada', within: '*' },
    malformed,
  ),
  record('within-two', { ...act, ...person, type: 'role-given', within: '*quay' }, malformed),
  record('valid-leap-day-with-fraction', { ...received, at: '2032-02-29T23:59:59.123456789Z' }),
  record('not-an-object', '[]', malformed),
  record('of-unknown-type', { ...received, type: 'item-lost' }, malformed),
  record('of-type-from-prototype', { ...received, type: 'constructor' }, malformed),
  record('without-tool', withoutTool, malformed),
  record('with-other-member', { ...received, path: 'a.mp4' }, malformed),
  record('in-local-time', { ...received, at: '2031-05-04T17:03:12+02:00' }, malformed),
  record('on-no-day', { ...received, at: '2031-04-31T17:03:12Z' }, malformed),
  record('on-leap-day-of-1900', { ...received, at: '1900-02-29T17:03:12Z' }, malformed),
  record('in-year-zero', { ...received, at: '0000-01-01T00:00:00Z' }, malformed),
  record('at-leap-second', { ...received, at: '2031-06-30T23:59:60Z' }, malformed),
  record('at-with-line-feed', { ...received, at: `${received.at}\n` }, malformed),
  record('of-named-actor', { ...received, actor: 'Ada Quill' }, malformed),
  record('with-item-in-capitals', { ...received, item: hash.toUpperCase() }, malformed),
  record('with-item-of-63-digits', { ...received, item: hash.slice(1) }, malformed),
  record('with-negative-size', { ...received, sizeBytes: -1 }, malformed),
  record('with-size-as-boolean', { ...received, sizeBytes: true }, malformed),
  record('with-size-as-text', { ...received, sizeBytes: '0' }, malformed),
  record('with-media-type-parameter', { ...received, mediaType: 'text/plain; a=b' }, malformed),
  record('with-incident-in-capitals', { ...received, incident: 'Ferry' }, malformed),
  record(
    'with-inputs-unsorted',
    {
      ...act,
      type: 'alignment-made',
      incident,
      inputs: [hash, '01'.repeat(32)],
      resultSha256: hash,
    },
    malformed,
  ),
  record(
    'without-inputs',
    { ...act, type: 'alignment-made', incident, inputs: [], resultSha256: hash },
    malformed,
  ),
  record(
    'of-revision-zero',
    { ...act, type: 'story-published', incident, revision: 0, manifestSha256: hash },
    malformed,
  ),
  record(
    'with-name-too-long',
    { ...act, type: 'item-named', item: hash, name: 'é'.repeat(1025) },
    malformed,
  ),
  record(
    'with-tip-of-other-form',
    { ...act, type: 'tip-accepted', incident, tip: 'Tip 1' },
    malformed,
  ),
  record(
    'of-tip-with-its-text',
    { ...act, type: 'tip-received', incident, link, tip, account: 'I saw it.' },
    malformed,
  ),
  record('with-record-as-path', { ...edited, record: '../two' }, malformed),
  record('of-version-zero', { ...edited, version: 0 }, malformed),
  record('without-body', { ...edited, bodySha256: null }, malformed),
  record('of-decision-neither', { ...decided, decision: 'waiting' }, malformed),
  record('of-decision-two-lines', { ...decided, decision: 'approved\nrejected' }, malformed),
  record(
    'with-comment-twice',
    { ...act, type: 'comments-posted', incident, comments: [hash, hash] },
    malformed,
  ),
  record('not-canonical', canonicalJson(received).replace(':', ': '), malformed),
]

/** A record. */
export const recordText = canonicalJson(received)
const opened = toHex(await commitRecord(recordText, bytes32(1)))
const commitment = (name: string, salt: number, value: string, codes: string[] = []) => ({
  name: `commitment-${name}`,
  kind: 'commitment',
  codes,
  record: value,
  salt: toHex(bytes32(salt)),
  commitment: opened,
})
export const commitmentVectors: CustodyVector[] = [
  commitment('valid', 1, recordText),
  commitment('of-other-salt', 2, recordText, ['record-does-not-open']),
  commitment('of-other-record', 1, recordText.replace('desk', 'task'), ['record-does-not-open']),
]

import { canonicalJson } from '../../../src/custody/canonical-json.ts'
import { type CustodyVector, hash } from './custody-vector.ts'
import { recordText } from './record-vectors.ts'

const recipeText = canonicalJson({
  format: 'sightline-recipe/1',
  kind: 'still',
  inputs: [{ item: hash, stream: 0 }],
  parameters: {},
  tool: { name: 'ffmpeg' },
})
const recipe = (name: string, value: string, codes = ['recipe-malformed']): CustodyVector => ({
  name: `recipe-${name}`,
  kind: 'recipe',
  codes,
  text: value,
})
export const recipeVectors = [
  recipe('valid', recipeText, []),
  recipe('valid-from-derivative', recipeText.replace('"item"', '"derivative"'), []),
  recipe(
    'valid-cover',
    recipeText.replace(/"inputs":\[.*?\]/, '"inputs":[]').replace('"still"', '"cover"'),
    [],
  ),
  recipe('without-tool', recipeText.replace(/,"tool":.*/, '}')),
  recipe('of-other-format', recipeText.replace('/1"', '/2"')),
  recipe('without-inputs', recipeText.replace(/"inputs":\[.*?\]/, '"inputs":[]')),
  recipe('with-input-of-both', recipeText.replace('{"item"', `{"derivative":"${hash}","item"`)),
  recipe('with-input-of-neither', recipeText.replace('"item"', '"file"')),
  recipe('with-kind-in-capitals', recipeText.replace('"still"', '"Still"')),
  recipe('with-list-for-parameters', recipeText.replace('"parameters":{}', '"parameters":[]')),
  recipe('with-other-member', recipeText.replace('"parameters"', '"output":"a","parameters"')),
  recipe('not-canonical', `${recipeText}\n`),
]

const entryText = canonicalJson({ index: 12, record: recordText, salt: hash })
const entry = (name: string, value: string, codes = ['entry-malformed']): CustodyVector => ({
  name: `entry-${name}`,
  kind: 'entry',
  codes,
  index: 12,
  text: value,
})
export const entryVectors = [
  entry('valid', entryText, []),
  entry('of-other-index', entryText.replace('12', '13')),
  entry('with-index-as-text', entryText.replace('12', '"12"')),
  entry('with-index-as-boolean', entryText.replace('12', 'true')),
  entry(
    'with-short-salt',
    entryText.replace(hash, hash.slice(2)).replace(`"salt":"${hash}"`, `"salt":"${hash.slice(2)}"`),
  ),
  entry('with-other-member', entryText.replace('"record"', '"note":"","record"')),
  entry('with-line-feed', `${entryText}\n`),
]

const line = (path: string, digest = hash): string => `${digest}  ${path}\n`
const manifest = (name: string, value: string, codes = ['manifest-malformed']): CustodyVector => ({
  name: `manifest-${name}`,
  kind: 'manifest',
  codes,
  text: value,
})
const unsafe = ['manifest-path-unsafe']
export const manifestVectors = [
  manifest('valid', line('A.html') + line('a-b/c_d.1') + line('a/b') + line('ab'), []),
  manifest('valid-empty', '', []),
  manifest('unsorted', line('b') + line('a')),
  manifest('unended', line('a').slice(0, -1)),
  manifest('with-one-space', line('a').replace('  ', ' ')),
  manifest('in-binary-mode', line('a').replace('  ', ' *')),
  manifest('with-hash-in-capitals', line('a', hash.toUpperCase())),
  manifest('with-empty-line', `\n${line('a')}`),
  manifest('with-carriage-returns', `${hash}  a\r\n`),
  manifest('with-umlaut', line('ä')),
  manifest('names-itself', line('proof/manifest.sha256')),
  manifest('names-log-in-capitals', line('Proof/LOG/checkpoint')),
  manifest('with-path-twice', line('a') + line('a'), ['manifest-path-duplicate']),
  manifest('with-path-in-capitals', line('A') + line('a'), ['manifest-path-duplicate']),
  manifest('with-parent', line('a/../b'), unsafe),
  manifest('with-dot', line('./a'), unsafe),
  manifest('with-hidden-file', line('.htaccess'), unsafe),
  manifest('with-trailing-dot', line('a.'), unsafe),
  manifest('with-absolute-path', line('/a'), unsafe),
  manifest('with-empty-segment', line('a//b'), unsafe),
  manifest('with-folder', line('a/'), unsafe),
  manifest('with-backslash', line('a\\b'), unsafe),
  manifest('with-drive', line('c:a'), unsafe),
  manifest('with-space', line('a b'), unsafe),
  manifest('with-17-segments', line(Array.from({ length: 17 }, () => 'a').join('/')), unsafe),
  manifest('with-long-segment', line('a'.repeat(129)), unsafe),
  manifest(
    'with-long-path',
    line(Array.from({ length: 5 }, () => 'a'.repeat(110)).join('/')),
    unsafe,
  ),
]

import { concatBytes, toBase64, utf8 } from '../../../src/custody/bytes.ts'
import { entryPath, receiptPath } from '../story-bundle.ts'
import {
  type BundleVector,
  addLine,
  afterwards,
  base,
  edit,
  found,
  manifestPath,
  openedPath,
  someHash,
  textOf,
} from './bundle-vector.ts'

export const fileDefects: readonly BundleVector[] = [
  { name: 'valid', defect: 'none', damage: {}, findings: [] },
  {
    name: 'valid-with-foreign-signature',
    defect: 'none: a line of another key is ignored',
    damage: {
      checkpoint: (signed) =>
        concatBytes(signed, utf8(`— witness.invalid/w ${toBase64(new Uint8Array(68).fill(9))}\n`)),
    },
    findings: [],
  },
  {
    name: 'file-changed',
    defect: 'one file of the page was edited after publication',
    damage: afterwards((files) => edit(files, 'index.html', (html) => html.replace('F', 'E'))),
    findings: [found('file-changed', 'index.html')],
  },
  {
    name: 'media-changed',
    defect: 'the composite was replaced after publication',
    damage: afterwards((files) => edit(files, 'media/composite.mp4', (bytes) => `${bytes}x`)),
    findings: [found('file-changed', 'media/composite.mp4')],
  },
  {
    name: 'file-missing',
    defect: 'a data file was removed',
    damage: afterwards((files) => void files.delete('data/claims.json')),
    findings: [found('file-missing', 'data/claims.json')],
  },
  {
    name: 'file-extra',
    defect: 'a script was added',
    damage: afterwards((files) => void files.set('assets/extra.js', utf8('0\n'))),
    findings: [found('file-extra', 'assets/extra.js')],
  },
  {
    name: 'file-extra-with-hostile-name',
    defect: 'a file was added whose name is not plain text',
    damage: afterwards((files) => void files.set('assets/\u001b[31m–\\.js', utf8('0\n'))),
    findings: [found('file-extra', 'assets/\\u{1b}[31m\\u{2013}\\u{5c}.js')],
  },
  {
    name: 'log-file-extra',
    defect: 'a file was added beside the log',
    damage: afterwards((files) => void files.set('proof/log/notes', utf8('0\n'))),
    findings: [found('file-extra', 'proof/log/notes')],
  },
  {
    name: 'index-with-leading-zero',
    defect: 'an entry is there a second time under 00',
    damage: afterwards(
      (files) => void files.set('proof/log/entries/00.json', utf8(textOf(files, entryPath(0)))),
    ),
    findings: [found('file-extra', 'proof/log/entries/00.json')],
  },
  {
    name: 'directory-named-like-file',
    defect: 'index.html is a directory',
    damage: afterwards((files) => {
      files.delete('index.html')
      files.set('index.html/index.html', utf8('0\n'))
    }),
    findings: [found('file-missing', 'index.html'), found('file-extra', 'index.html/index.html')],
  },
  {
    name: 'entry-missing',
    defect: 'an opened entry was removed',
    damage: afterwards((files) => void files.delete(entryPath(0))),
    findings: [found('file-missing', entryPath(0))],
  },
  {
    name: 'receipt-missing',
    defect: 'the receipt of an entry was removed',
    damage: afterwards((files) => void files.delete(receiptPath(3))),
    findings: [found('file-missing', receiptPath(3))],
  },
  {
    name: 'entry-not-listed',
    defect: 'an entry and its receipt are not in the list of opened ones',
    damage: afterwards((files) => edit(files, openedPath, (list) => list.replace('0\n', ''))),
    findings: [found('file-extra', entryPath(0)), found('file-extra', receiptPath(0))],
  },
  {
    name: 'opened-malformed',
    defect: 'the list of opened entries is not ascending',
    damage: afterwards((files) => edit(files, openedPath, (list) => `${list}1\n`)),
    findings: [found('opened-malformed', openedPath)],
  },
  {
    name: 'opened-missing',
    defect: 'the list of opened entries was removed',
    damage: afterwards((files) => void files.delete(openedPath)),
    findings: [found('file-missing', openedPath)],
  },
  {
    name: 'opened-index-beyond-integers',
    defect: 'the list of opened entries names entry 2^60',
    damage: afterwards((files) =>
      edit(files, openedPath, (list) => `${list}1152921504606846976\n`),
    ),
    findings: [found('opened-malformed', openedPath)],
  },
  {
    name: 'manifest-missing',
    defect: 'the manifest was removed',
    damage: afterwards((files) => void files.delete(manifestPath)),
    findings: [found('file-missing', manifestPath)],
  },
  {
    name: 'manifest-changed',
    defect: 'a file and its line were removed after publication',
    damage: afterwards((files) => {
      files.delete('data/claims.json')
      edit(files, manifestPath, (lines) => lines.replace(/.*data\/claims\.json\n/, ''))
    }),
    findings: [found('manifest-changed', manifestPath)],
  },
  {
    name: 'manifest-unsorted',
    defect: 'the published manifest has its last line first',
    damage: {
      manifest: (lines) => {
        const rows = lines.split('\n').slice(0, -1)
        return `${[rows.at(-1), ...rows.slice(0, -1)].join('\n')}\n`
      },
    },
    findings: [
      found('manifest-malformed', manifestPath),
      ...[...base.keys()]
        .filter((path) => !path.startsWith('proof/log/') && path < 'verify.html')
        .filter((path) => path !== manifestPath)
        .map((path) => found('file-extra', path)),
    ],
  },
  {
    name: 'manifest-uppercase-hash',
    defect: 'a hash of the published manifest is in capitals',
    damage: {
      manifest: (lines) => lines.replace(/.{64}(?= {2}index\.html)/, (hash) => hash.toUpperCase()),
    },
    findings: [found('manifest-malformed', manifestPath), found('file-extra', 'index.html')],
  },
  {
    name: 'manifest-unended',
    defect: 'the last line of the published manifest is not ended',
    damage: { manifest: (lines) => lines.slice(0, -1) },
    findings: [found('manifest-malformed', manifestPath), found('file-extra', 'verify.html')],
  },
  {
    name: 'manifest-parent-path',
    defect: 'the published manifest names a file outside the bundle',
    damage: { manifest: addLine(`${someHash}  ../outside.txt`) },
    findings: [found('manifest-path-unsafe', manifestPath)],
  },
  {
    name: 'manifest-absolute-path',
    defect: 'the published manifest names an absolute path',
    damage: { manifest: addLine(`${someHash}  /absolute.txt`) },
    findings: [found('manifest-path-unsafe', manifestPath)],
  },
  {
    name: 'manifest-path-in-capitals',
    defect: 'the published manifest names two files that are one where case does not count',
    damage: { manifest: addLine(`${someHash}  Index.html`) },
    findings: [
      found('manifest-path-duplicate', manifestPath),
      found('file-missing', 'Index.html'),
      found('file-extra', 'index.html'),
    ],
  },
  {
    name: 'manifest-names-log',
    defect: 'the published manifest names a file of the log',
    damage: { manifest: addLine(`${someHash}  proof/log/checkpoint`) },
    findings: [found('manifest-malformed', manifestPath)],
  },
]

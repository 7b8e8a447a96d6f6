import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readContributorLink } from '../../src/store/contributor-links.ts'
import { bytesOf, emptyLibraryFolder, roomy, withLibrary } from '../../src/store/fixture.ts'
import { openIncident } from '../../src/store/incidents.ts'
import { addTipFile, beginTip } from '../../src/store/tips.ts'
import { agent } from '../../src/store/fixture.ts'
import { sightline } from '../support/command-line.ts'

test('a link is opened, listed and closed, what came by it shown and decided about, by commands', async () => {
  const folder = await emptyLibraryFolder()
  const at = ['--library', folder]
  await withLibrary(folder, (library) =>
    library.transact(agent, (tx) => openIncident(tx, { id: 'quay', title: 'On the quay' })),
  )
  const absent = await sightline(['link', 'open', '--incident', 'absent', ...at])
  assert.equal(absent.code, 1)
  assert.match(absent.stderr, /there is no incident "absent"[^]*\[incident-unknown\]/)
  const usage = await sightline(['link', 'open', '--incident', 'quay', '--days', '0', ...at])
  assert.equal(usage.code, 2)
  const opened = await sightline(['link', 'open', '--incident', 'quay', '--json', ...at])
  assert.equal(opened.code, 0, opened.stderr)
  const { id, path } = JSON.parse(opened.stdout) as { id: string; path: string }
  const token = path.replace('/contribute/', '')

  const [taken, other] = await withLibrary(folder, async (library) => {
    const blob = await library.blobs.putStream(bytesOf('A leaflet.\u001b[31m'), roomy)
    return library.transact(agent, async (tx) => {
      const link = await readContributorLink(tx, { token })
      assert.ok(link)
      const said = { account: 'First line\nsecond \u001b[31m', contact: 'kiosk' }
      const one = await beginTip(tx, link, said)
      const file = { blob, kind: 'document', mediaType: 'text/plain', name: 'a.txt' } as const
      await addTipFile(tx, one.id, file)
      const two = await beginTip(tx, link, { account: 'Words', contact: '' })
      return [one.id, two.id]
    })
  })
  const listed = await sightline(['tips', 'list', ...at])
  assert.match(listed.stdout, new RegExp(`${taken} .* waiting .* 1 files, .*\\n${other} `))
  const shown = await sightline(['tips', 'show', taken ?? '', ...at])
  assert.equal(shown.code, 0, shown.stderr)
  assert.match(shown.stdout, /reach {4}kiosk\n {2}First line\n/)
  assert.ok(!shown.stdout.includes('\u001B'), 'hostile text moves no cursor')
  const accepted = await sightline(['tips', 'accept', taken ?? '', '--json', ...at])
  assert.equal(accepted.code, 0, accepted.stderr)
  const again = await sightline(['tips', 'accept', taken ?? '', ...at])
  assert.match(again.stderr, /has been accepted already[^]*\[tip-decided\]/)
  assert.equal((await sightline(['tips', 'decline', other ?? '', ...at])).code, 0)
  assert.equal((await sightline(['tips', 'list', ...at])).stdout, '')
  assert.match((await sightline(['tips', 'list', '--all', ...at])).stdout, /accepted[^]*declined/)
  assert.match((await sightline(['link', 'list', ...at])).stdout, new RegExp(`${id}  quay  open`))
  assert.equal((await sightline(['link', 'close', id, ...at])).code, 0)
  assert.match((await sightline(['link', 'list', ...at])).stdout, /closed/)
  const twice = await sightline(['link', 'close', id, ...at])
  assert.match(twice.stderr, /\[link-unknown\]/)
  const checked = await sightline(['fsck', ...at])
  assert.equal(checked.code, 0, checked.stdout)
  assert.match(checked.stdout, /links 1, tips 2/)
})

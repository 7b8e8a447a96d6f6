/**
 * A program to be killed: takes files into a library without end and says on
 * stdout, a line each, what it has been promised.
 *
 *     node store-writer.ts <library>
 *     item <sha256> <entry index> <commitment>
 */
import { createHash, randomBytes } from 'node:crypto'
import { writeSync } from 'node:fs'

import { canonicalJson } from '../../src/custody/canonical-json.ts'
import { toHex } from '../../src/custody/bytes.ts'
import { signedCheckpoint } from '../../src/store/checkpoints.ts'
import { openContributorLink } from '../../src/store/contributor-links.ts'
import { openEntries } from '../../src/store/custody-log.ts'
import { addDerivative } from '../../src/store/derivatives.ts'
import { eraseTraces } from '../../src/store/erase-traces.ts'
import { openIncident, readIncidents } from '../../src/store/incidents.ts'
import { receiveItem } from '../../src/store/items.ts'
import { openLibrary } from '../../src/store/library.ts'
import { StoreError } from '../../src/store/store-error.ts'
import { beginTip, withdrawTip } from '../../src/store/tips.ts'

const agent = { actor: 'test', tool: 'sightline 0.0.0' }
const incident = 'ferry-landing'
const roomy = { maxBytes: 1 << 30 }

async function* someBytes(): AsyncGenerator<Uint8Array> {
  const chunks = 1 + (randomBytes(1)[0] ?? 0) / 16
  for (let chunk = 0; chunk < chunks; chunk++) yield randomBytes(16384)
}

/** stdout is a pipe here: a written line is with the reader, whatever becomes of us. */
const say = (line: string): number => writeSync(1, `${line}\n`)

const [folder = ''] = process.argv.slice(2)
try {
  const library = await openLibrary(folder, {
    command: 'store-writer',
    effects: { now: () => new Date(), randomBytes },
  })
  say('open')
  const { blobs } = library
  if ((await library.read((reader) => readIncidents(reader, incident))).length === 0) {
    await library.transact(agent, (tx) => openIncident(tx, { id: incident, title: 'Ferry' }))
  }
  const { link } = await library.transact(agent, (tx) => {
    const limits = { mostBytes: 1, mostFiles: 1, expiresAt: '2099-01-01T00:00:00.000Z' }
    return openContributorLink(tx, { incident, note: '', ...limits })
  })
  for (let turn = 0; ; turn++) {
    const blob = await blobs.putStream(someBytes(), roomy)
    const entry = await library.transact(agent, async (tx) => {
      const file = {
        incident,
        blob,
        kind: 'other',
        mediaType: 'text/plain',
        name: `${turn}`,
      } as const
      const { sighting } = await receiveItem(tx, file)
      const [opened] = await openEntries(tx, [sighting.entryIndex])
      if (opened === undefined) throw new Error('the entry just written is not there')
      return opened
    })
    say(`item ${blob.sha256} ${entry.index} ${toHex(entry.commitment)}`)
    if (turn % 4 === 0) {
      const output = await blobs.putStream(someBytes(), roomy)
      const inputs = [{ item: blob.sha256 }]
      const recipe = canonicalJson({ format: 'sightline-recipe/1', kind: 'proxy', inputs })
      const made = { kind: 'proxy', incident, item: blob.sha256, recipe, output }
      const derivative = await library.transact(agent, async (tx) => {
        const { entryIndex } = await addDerivative(tx, { ...made, mediaType: 'video/mp4' })
        const [opened] = await openEntries(tx, [entryIndex])
        if (opened === undefined) throw new Error('the entry just written is not there')
        return opened
      })
      say(`item ${output.sha256} ${derivative.index} ${toHex(derivative.commitment)}`)
      const note = await library.transactWithoutEntry(agent, (tx) =>
        signedCheckpoint(tx, library.signer),
      )
      // Their tables are written anew; that a row of one is lost fsck sees by its entry.
      await library.transact(agent, async (tx) => {
        await beginTip(tx, link, { account: 'I stood there.', contact: 'a.name@phone.example' })
        const { id } = await beginTip(tx, link, { account: 'I ran.', contact: '' })
        await withdrawTip(tx, { id, incident, state: 'waiting' })
      })
      await eraseTraces(library, agent)
      say(`checkpoint ${createHash('sha256').update(note).digest('hex')}`)
    }
  }
} catch (error) {
  if (!(error instanceof StoreError)) throw error
  say(`error ${error.code}`)
  process.exit(3)
}

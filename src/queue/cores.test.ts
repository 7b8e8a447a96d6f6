import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { fork } from 'node:child_process'
import { connect } from 'node:net'
import { on, once } from 'node:events'
import { join } from 'node:path'
import { test, type TestContext } from 'node:test'
import { machineCores, ownCores } from './cores.ts'

const program = join(import.meta.dirname, '..', '..', 'test', 'support', 'core-holder.ts')
const machine = (): string => `sightline-test-${randomBytes(8).toString('hex')}`

/** `said`: the next that it says. */
function holder(t: TestContext, name: string, cores: number) {
  const child = fork(program, [name, String(cores)])
  t.after(() => child.kill('SIGKILL'))
  const messages = on(child, 'message')
  const said = async (): Promise<unknown> => {
    const { value } = (await messages.next()) as { value: readonly unknown[] }
    return value[0]
  }
  return { child, said }
}

test('three programs have two cores between them; one that is killed gives its own free', async (t) => {
  const name = machine()
  const first = holder(t, name, 2)
  assert.equal(await first.said(), 'has one')
  const second = holder(t, name, 2)
  assert.equal(await second.said(), 'has one')
  const third = holder(t, name, 2)
  for (let look = 0; look < 3; look += 1) assert.equal(await third.said(), 'none')
  assert.equal(await machineCores(name, 2)(), undefined)
  first.child.kill('SIGKILL')
  while ((await third.said()) !== 'has one');
  assert.equal(await machineCores(name, 2)(), undefined)
})

test('within one program a core is had once, is given free, and is nobody’s to talk to', async () => {
  const name = machine()
  const takeCore = machineCores(name, 1)
  const core = await takeCore()
  assert.ok(core)
  assert.equal(await takeCore(), undefined)
  assert.equal(await machineCores(name, 1)(), undefined)
  const stranger = connect({ path: `\0${name}-core-0` })
  await once(stranger, 'close')
  core.free()
  const again = await takeCore()
  assert.ok(again)
  again.free()
})

test('where there are no such sockets a program counts for itself', async () => {
  // Longer than such a name may be.
  const takeCore = machineCores('x'.repeat(200), 1)
  const core = await takeCore()
  assert.ok(core)
  assert.equal(await takeCore(), undefined)
  core.free()
  assert.ok(await takeCore())
  const own = ownCores(1)
  assert.ok(await own())
  assert.equal(await own(), undefined)
})

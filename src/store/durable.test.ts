import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

import { writeFileDurably } from './durable.ts'
import { temporaryFolder } from './fixture.ts'

const run = (program: readonly string[], source: string) =>
  spawnSync(program[0] ?? '', [...program.slice(1), '--input-type=module', '-e', source], {
    encoding: 'utf8',
  })

const durable = JSON.stringify(import.meta.resolve('./durable.ts'))

test('a failed fsync ends the process and says so', () => {
  // A pipe cannot be synced: EINVAL.
  const result = run(
    [process.execPath],
    `import { syncDescriptor } from ${durable}
     syncDescriptor(1, 'the pipe')
     console.log('went on')`,
  )
  assert.equal(result.status, 1)
  assert.equal(result.stdout, '')
  assert.match(result.stderr, /^sightline: could not sync the pipe \(EINVAL/)
})

test('a write that comes back short is completed or fails, never taken for whole', async () => {
  const path = join(await temporaryFolder(), 'limited')
  // At the limit the kernel accepts 1000 of 1500 bytes without an error; Node ignores SIGXFSZ.
  const result = run(
    ['prlimit', '--fsize=1000', process.execPath],
    `import { open } from 'node:fs/promises'
     import { writeAll } from ${durable}
     const handle = await open(${JSON.stringify(path)}, 'w')
     await writeAll(handle, new Uint8Array(1500), 0).catch((error) => console.log(error.code))`,
  )
  assert.equal(result.stdout, 'EFBIG\n')
  assert.equal((await stat(path)).size, 1000)
})

test('a small file is replaced as a whole, whatever an earlier attempt left', async () => {
  const path = join(await temporaryFolder(), 'small')
  await writeFileDurably(path, Buffer.from('one'), 0o600)
  await writeFileDurably(`${path}.new`, Buffer.from('left over'), 0o400)
  await writeFileDurably(path, Buffer.from('two'), 0o600)
  assert.equal(await readFile(path, 'utf8'), 'two')
  assert.equal((await stat(path)).mode & 0o777, 0o600)
})

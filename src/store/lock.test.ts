import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'

import { temporaryFolder } from './fixture.ts'
import { lockLibrary } from './lock.ts'

const holder = { pid: process.pid, command: 'sightline test', sinceAt: '2031-05-04T17:00:00.000Z' }

const holdInChild = async (folder: string) => {
  const program = `
    import { lockLibrary } from ${JSON.stringify(import.meta.resolve('./lock.ts'))}
    await lockLibrary(${JSON.stringify(folder)}, {
      pid: process.pid, command: 'sightline serve', sinceAt: '2031-05-04T17:03:12.000Z',
    })
    console.log('locked')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  return child
}

test('a second process is told who holds the library, and gets it after kill -9', async () => {
  const folder = await temporaryFolder()
  const child = await holdInChild(folder)
  await assert.rejects(lockLibrary(folder, holder), {
    code: 'library-in-use',
    message:
      `The library at ${folder} is in use by \`sightline serve\` (pid ${child.pid}, ` +
      'since 2031-05-04T17:03:12.000Z); stop it or use --library <other folder>.',
  })
  child.kill('SIGKILL')
  await once(child, 'exit')
  const lock = await lockLibrary(folder, holder)
  await lock.release()
})

test('the same process cannot open a library twice, and can after releasing it', async () => {
  const folder = await temporaryFolder()
  const lock = await lockLibrary(folder, holder)
  await assert.rejects(lockLibrary(folder, holder), { code: 'library-in-use' })
  await lock.release()
  await (await lockLibrary(folder, holder)).release()
})

test('a lock file with nonsense in it still locks, and names nobody', async () => {
  const folder = await temporaryFolder()
  const lock = await lockLibrary(folder, holder)
  await writeFile(join(folder, 'lock'), '{"pid":')
  await assert.rejects(lockLibrary(folder, holder), { message: /in use by another process;/ })
  await lock.release()
})

test('a folder that cannot be written to is not opened without a lock', async () => {
  const folder = join(await temporaryFolder(), 'absent')
  await assert.rejects(lockLibrary(folder, holder), { code: 'lock-unavailable' })
})

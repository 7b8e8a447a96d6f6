/** A job followed through a desk that goes away, or that has no worker; time is the test's own. */
import assert from 'node:assert/strict'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test, type TestContext } from 'node:test'
import { jobThere } from './desk-jobs.ts'
import { withLibraryOrDesk } from './desk-server.ts'

const request = { kind: 'fixity' } as const
const job = (state: string) => ({ id: 17, kind: 'fixity', inputs: {}, attempts: 1, state })

const away = (status: number) => (response: ServerResponse) =>
  response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Bad gateway</h1>')
const says = (state: string) => (response: ServerResponse) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(job(state)))
const hangsUp = (response: ServerResponse) => response.destroy()
const breaksOff = (response: ServerResponse) => {
  response.writeHead(200, { 'content-type': 'application/json' }).write('{"id":17,"state":"d')
  setTimeout(() => response.destroy(), 20)
}

type Say = (response: ServerResponse) => unknown

/** Follows a job whose desk answers each look by the next of `answers`, and then by the last. */
async function follow(t: TestContext, ...answers: readonly Say[]) {
  let looks = 0
  const server = createServer(({ method }, response) => {
    if (method === 'POST') says('waiting')(response)
    else answers[Math.min(looks++, answers.length - 1)]?.(response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  t.after(() => server.close())
  process.env['SIGHTLINE_SERVER'] = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  process.env['SIGHTLINE_TOKEN'] = 'a-token'

  const warnings: string[] = []
  const pauses: number[] = []
  let nowMilliseconds = 0
  const ended = await withLibraryOrDesk(undefined, 'test', {
    here: () => assert.fail('a desk is named'),
    there: (desk) =>
      jobThere(
        desk,
        request,
        { onProgress: () => undefined, warn: (text) => warnings.push(text) },
        {
          nowMilliseconds: () => nowMilliseconds,
          sleep: async (milliseconds) => {
            pauses.push(milliseconds)
            nowMilliseconds += milliseconds
          },
        },
      ),
  }).catch((error: unknown) => error)
  return { ended, warnings, pauses, seconds: nowMilliseconds / 1000 }
}

test('a desk that is away for less than a minute is asked again', async (t) => {
  const minute = [hangsUp, breaksOff, away(502), away(503), away(504)]
  const { ended } = await follow(t, says('running'), ...minute, ...minute, says('done'))
  assert.deepEqual(ended, { job: job('done'), isNew: false })
  const most = Array.from({ length: 50 }, () => away(502))
  const twice = await follow(t, ...most, says('running'), ...most, says('done'))
  assert.deepEqual(twice.ended, { job: job('done'), isNew: false })
})

test('one that is away for longer is left, and the job is named that goes on', async (t) => {
  for (const gone of [hangsUp, away(502)] as const) {
    const { ended, seconds } = await follow(t, says('running'), gone)
    assert.ok(ended instanceof Error)
    assert.match(ended.message, /job 17 goes on; see sightline jobs/)
    assert.equal(Object(ended).code, 'job-not-followed')
    assert.ok(seconds >= 60 && seconds < 65, `${seconds}`)
  }
})

test('what the desk itself says against it is not asked again', async (t) => {
  for (const status of [404, 500]) {
    const { ended, pauses } = await follow(t, away(status), says('done'))
    assert.equal(Object(ended).code, 'desk-refused')
    assert.equal(pauses.length, 1)
  }
})

test('a job that waits for a minute says so once, and is looked at less often', async (t) => {
  const waiting = Array.from({ length: 400 }, () => says('waiting'))
  const { warnings, pauses } = await follow(t, ...waiting, says('done'))
  assert.deepEqual(warnings, ['job 17 waits; is a worker running?'])
  assert.deepEqual([...new Set(pauses)], [300, 1000])
  assert.equal(pauses.indexOf(1000), 200)
  const running = Array.from({ length: 400 }, () => says('running'))
  assert.deepEqual((await follow(t, ...running, says('waiting'), says('done'))).warnings, [])
})

import assert from 'node:assert/strict'
import { execFileSync, spawnSync } from 'node:child_process'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import path from 'node:path'
import { after, test } from 'node:test'
import { temporaryFolder } from './fixture.ts'
import { documentLimits, renderLimits } from './limits.ts'
import { MediaError } from './media-error.ts'
import { runSandboxed, type SandboxRun } from './sandbox.ts'

const folder = temporaryFolder()
after(() => rmSync(folder, { recursive: true, force: true }))

const endless = ['-nostdin', '-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=s=640x480:r=30']

function run(wanted: Partial<SandboxRun>): ReturnType<typeof runSandboxed> {
  return runSandboxed({
    program: 'ffmpeg',
    args: [],
    inputs: [],
    limits: documentLimits,
    ...wanted,
  })
}

test('a program that does not end is ended, and so is its whole family', async () => {
  await assert.rejects(
    run({
      args: [...endless, '-f', 'null', '-'],
      limits: { ...documentLimits, wallSeconds: 1 },
    }),
    { code: 'time-limit' },
  )
  await assert.rejects(
    run({
      args: [...endless, '-f', 'null', '-'],
      limits: { ...documentLimits, cpuSeconds: 1 },
    }),
    { code: 'time-limit' },
  )
})

test('an abort ends the program and gives its own reason', async () => {
  const controller = new AbortController()
  const reason = new Error('the reader has left')
  const running = run({ args: [...endless, '-f', 'null', '-'], signal: controller.signal })
  setTimeout(() => controller.abort(reason), 200)
  await assert.rejects(running, reason)
  const left = execFileSync('ps', ['-eo', 'args']).toString()
  assert.ok(!left.includes('testsrc2=s=640x480:r=30'))
})

test('what a program may write and print and hold in memory is capped', async () => {
  const out = path.join(folder, 'capped')
  mkdirSync(out)
  await assert.rejects(
    run({
      args: [...endless, '-f', 'rawvideo', 'file:out/endless'],
      outputFolder: out,
      limits: { ...documentLimits, outputBytes: 1_000_000 },
    }),
    { code: 'output-limit' },
  )
  assert.ok(readFileSync(path.join(out, 'endless')).length <= 1_000_000)
  await assert.rejects(
    run({
      args: [...endless, '-f', 'rawvideo', 'pipe:1'],
      limits: { ...documentLimits, stdoutBytes: 1_000_000 },
    }),
    { code: 'output-limit' },
  )
  await assert.rejects(
    run({
      args: [
        '-v',
        'error',
        '-f',
        'lavfi',
        '-i',
        'color=s=16000x16000:d=1,scale=15000:15000',
        '-f',
        'null',
        '-',
      ],
      limits: { ...documentLimits, memoryBytes: 150 * 1024 * 1024 },
    }),
    { code: 'memory-limit' },
  )
})

test('standard output goes into a file as far as the limit for files allows', async () => {
  const printed = path.join(folder, 'printed')
  const stdoutFile = openSync(printed, 'w')
  const wanted = { stdoutFile, limits: { ...documentLimits, outputBytes: 1_000_000 } }
  await assert.rejects(run({ args: [...endless, '-f', 'rawvideo', 'pipe:1'], ...wanted }), {
    code: 'output-limit',
  })
  closeSync(stdoutFile)
  assert.equal(readFileSync(printed).length, 1_000_000)
})

test('only the given inputs and libraries can be seen, under names of ours', async () => {
  const secret = path.join(folder, '-i x; rm')
  writeFileSync(secret, 'canary')
  const readable = async (name: string): Promise<boolean> => {
    const { exitCode } = await run({
      args: [
        '-nostdin',
        '-v',
        'error',
        '-f',
        'data',
        '-i',
        `file:${name}`,
        '-map',
        '0',
        '-c',
        'copy',
        '-f',
        'data',
        '-',
      ],
      inputs: [secret],
      acceptFailure: true,
    })
    return exitCode === 0
  }
  assert.equal(await readable('in/0'), true)
  assert.equal(await readable(secret), false)
  assert.equal(await readable('/etc/passwd'), false)
  assert.equal(await readable('/proc/self/environ'), false)
})

test('an input cannot be written', async () => {
  const input = path.join(folder, 'original')
  writeFileSync(input, 'bytes that never change')
  const out = path.join(folder, 'unwritten')
  mkdirSync(out)
  for (const target of ['in/0', 'in/1', '/usr/x']) {
    const { exitCode } = await run({
      args: [...endless, '-frames:v', '1', '-y', '-f', 'rawvideo', `file:${target}`],
      inputs: [input],
      outputFolder: out,
      acceptFailure: true,
      limits: renderLimits,
    })
    assert.notEqual(exitCode, 0, target)
  }
  assert.equal(readFileSync(input, 'utf8'), 'bytes that never change')
  assert.deepEqual(readdirSync(out), [])
})

test('a missing input is an error that names no path of this machine', async () => {
  const error = await run({ inputs: [path.join(folder, 'gone')] }).then(
    () => undefined,
    (reason: unknown) => reason,
  )
  assert.ok(error instanceof MediaError)
  assert.ok(!error.message.includes(folder))
})

const traceable =
  existsSync('/usr/bin/strace') &&
  spawnSync('strace', ['-f', '-o', '/dev/null', 'true']).status === 0

test(
  'traced, a playlist that calls itself a film opens no other file and no connection',
  { skip: traceable ? false : 'strace is not installed or may not trace here' },
  () => {
    const target = path.join(folder, 'target.ts')
    execFileSync(
      'ffmpeg',
      '-v error -f lavfi -i testsrc2=d=1 -c:v mpeg2video -y'.split(' ').concat(target),
    )
    const hostile = {
      hls: `#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n${target}\n#EXTINF:1,\nhttp://127.0.0.1:9/x.ts\n#EXT-X-ENDLIST\n`,
      concat: `ffconcat version 1.0\nfile '${target}'\nfile 'http://127.0.0.1:9/x'\n`,
      sdp: 'v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video 5004 RTP/AVP 96\na=rtpmap:96 H264/90000\n',
      dash: `<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" mediaPresentationDuration="PT1S"><Period><AdaptationSet><Representation id="1" bandwidth="1" codecs="avc1"><BaseURL>file://${target}</BaseURL></Representation></AdaptationSet></Period></MPD>`,
    }
    const script = path.join(folder, 'probe.ts')
    writeFileSync(
      script,
      `import { probeRecording } from ${JSON.stringify(path.resolve(import.meta.dirname, 'probe.ts'))}
for (const file of process.argv.slice(2))
  for (const container of ['mov', 'matroska', 'mpegts', 'avi'] as const) {
    const { facts } = await probeRecording(file, { kind: 'recording', mediaType: 'video/mp4', container })
    if (facts.kind !== 'other') throw new Error(file)
  }`,
    )
    const files = Object.entries(hostile).map(([name, text]) => {
      const file = path.join(folder, `${name}.mp4`)
      writeFileSync(file, text)
      return file
    })
    const log = path.join(folder, 'trace')
    execFileSync('strace', [
      ...'-f -qq -e trace=execve,openat,open,connect,sendto -o'.split(' '),
      log,
      process.execPath,
      script,
      ...files,
    ])
    // Only what the media program does: from its execve on, by process and its threads.
    const lines = readFileSync(log, 'utf8').split('\n')
    const inside = new Set<string>()
    const opened: string[] = []
    const connected: string[] = []
    for (const line of lines) {
      const [, pid = '', call = ''] = /^(\d+)\s+(.*)$/.exec(line) ?? []
      if (call.startsWith('execve("/usr/bin/ffprobe"')) inside.add(pid)
      if (!inside.has(pid)) continue
      const name = /^open(?:at)?\((?:AT_FDCWD, )?"([^"]*)".* = \d+$/.exec(call)?.[1]
      if (name !== undefined) opened.push(name)
      if (/^(?:connect|sendto)\(/.test(call)) connected.push(call)
    }
    assert.ok(inside.size >= 16, `${inside.size} programs were traced`)
    const unexpected = opened.filter(
      (name) =>
        !/^(?:\/usr\/|\/lib|\/etc\/(?:ld\.so|fonts|alternatives)|\/dev\/|\/?in\/0$)/.test(name),
    )
    assert.deepEqual([...new Set(unexpected)], [])
    assert.ok(opened.some((name) => name.endsWith('in/0')))
    assert.deepEqual(connected, [])
  },
)

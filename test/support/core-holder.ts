/** A program that wants a core of the machine, for `cores.test.ts`: says over IPC what came of each look. */
import { setTimeout as sleep } from 'node:timers/promises'
import { machineCores } from '../../src/queue/cores.ts'

const [, , name = '', cores = ''] = process.argv
const takeCore = machineCores(name, Number(cores))
for (;;) {
  const core = await takeCore()
  process.send?.(core === undefined ? 'none' : 'has one')
  if (core !== undefined) break
  await sleep(20)
}
// Until it is killed.
process.on('message', () => undefined)

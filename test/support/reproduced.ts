import assert from 'node:assert/strict'
import { sightline } from './command-line.ts'

/** `verify --reproduce` finds every exhibit identical; how many they are. */
export async function assertReproduced(bundle: string, originals: string): Promise<number> {
  const { code, stdout } = await sightline([
    'verify',
    bundle,
    '--reproduce',
    '--originals',
    originals,
    '--json',
  ])
  const report = JSON.parse(stdout) as {
    reproduced: { exhibits: number; identical: number; findings: unknown[] }
  }
  assert.equal(code, 0, stdout)
  assert.deepEqual(report.reproduced.findings, [])
  assert.equal(report.reproduced.identical, report.reproduced.exhibits)
  return report.reproduced.exhibits
}

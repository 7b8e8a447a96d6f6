/** `node make-scenes.ts FOLDER KIND LEVEL FIRST_SEED LAST_SEED`: scenes as FOLDER/KIND-SEED, without the bench. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { levelNames } from './levels.ts'
import { physicalScene } from './physical-scene.ts'
import { placeKinds } from './place/place.ts'
import { writePhysicalScene } from './write.ts'

const [folder, kindName, levelName, first, last] = process.argv.slice(2)
const kind = placeKinds.find((one) => one === kindName)
const level = levelNames.find((one) => one === levelName)
if (folder === undefined || kind === undefined || level === undefined) {
  throw new Error(`FOLDER, one of ${placeKinds.join(', ')}, one of ${levelNames.join(', ')}, seeds`)
}
for (let seed = Number(first); seed <= Number(last); seed++) {
  const into = join(folder, `${kind}-${seed}`)
  await mkdir(into, { recursive: true })
  const { pairs } = await writePhysicalScene(physicalScene(seed, { kind, level }), into)
  const cpu = process.cpuUsage()
  const seconds = ((cpu.user + cpu.system) / 1e6).toFixed(0)
  process.stdout.write(`${into}: ${pairs.length} pairs; ${seconds} s of this process so far\n`)
}

/** Loaded into a measured program with `--import`: at its end it adds its peak memory, in KiB, to a file. */
import { appendFileSync } from 'node:fs'

process.once('exit', () => {
  const file = process.env['SIGHTLINE_PEAK_MEMORY']
  if (file !== undefined) appendFileSync(file, `${process.resourceUsage().maxRSS}\n`)
})

/**
 * A disk whose power can be cut: ext4 on a loop device, shut down without writing its log, so
 * that whatever was not synced is gone. What a drive's own cache might lose is not tried.
 */
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

import { scratchFolder } from './command-line.ts'

export interface CutDisk {
  readonly folder: string
  /** From here on every write fails. */
  cut(): void
  /** Power again: what was on the disk is there. */
  restore(): void
  remove(): void
}

/** EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH. */
const shutDown = `
import fcntl, os, struct, sys
fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack('I', 2))`

const smallest = 64 << 20

process.setMaxListeners(200)

/** Why such a disk cannot be had here; undefined where it can, and a cut loses what was not synced. */
export function whyNoCutDisk(): string | undefined {
  if (process.getuid?.() !== 0) return 'mounting a file system needs root'
  let disk: CutDisk | undefined
  try {
    disk = cutDisk(smallest)
    disk.cut()
    disk.restore()
    return undefined
  } catch (error) {
    return `this machine refuses a disk on a loop device: ${String(error)}`
  } finally {
    disk?.remove()
  }
}

export function cutDisk(sizeBytes: number): CutDisk {
  const work = scratchFolder('cut-disk')
  const [image, folder] = [join(work, 'image'), join(work, 'disk')]
  mkdirSync(folder)
  writeFileSync(image, '')
  truncateSync(image, sizeBytes)
  run('mkfs.ext4', ['-q', '-F', image])
  const mount = (): void => run('mount', ['-o', 'loop', image, folder])
  let isMounted = false
  const remove = (): void => {
    if (isMounted) spawnSync('umount', ['-l', folder])
    isMounted = false
    rmSync(work, { recursive: true, force: true })
  }
  process.once('exit', remove)
  mount()
  isMounted = true
  return {
    folder,
    cut: () => run('python3', ['-c', shutDown, folder]),
    restore: () => {
      run('umount', [folder])
      isMounted = false
      mount()
      isMounted = true
    },
    remove,
  }
}

function run(program: string, args: readonly string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw error ?? new Error(`${program}: ${stderr.trim()}`)
}

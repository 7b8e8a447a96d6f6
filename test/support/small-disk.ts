/** A file system of a chosen size, in memory, that is unmounted whatever happens. */
import { spawnSync } from 'node:child_process'
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

import { scratchFolder } from './command-line.ts'

export interface SmallDisk {
  readonly folder: string
  /** The size as a whole; never less than what is used. */
  resize(sizeBytes: number): void
  usedBytes(): number
  /** As when another program takes the rest, whoever is writing meanwhile. */
  fill(): void
  unmount(): void
}

const mounted = new Set<string>()
process.once('exit', () => mounted.forEach(unmount))
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
  process.once(signal, () => process.exit(130))
}

/** Why small disks cannot be had here; undefined where they can. */
export function whyNoSmallDisk(): string | undefined {
  if (process.getuid?.() !== 0) return 'mounting a small file system needs root'
  const folder = join(tmpdir(), `sightline-test-mount-${process.pid}`)
  mkdirSync(folder)
  try {
    const { status, stderr } = mount(folder, 1 << 20)
    if (status !== 0) return `this machine refuses to mount a file system: ${stderr.trim()}`
    unmount(folder)
    return undefined
  } finally {
    rmSync(folder, { recursive: true })
  }
}

export function smallDisk(sizeBytes: number): SmallDisk {
  const folder = scratchFolder('disk')
  const { status, stderr } = mount(folder, sizeBytes)
  if (status !== 0) throw new Error(`mount: ${stderr}`)
  return {
    folder,
    resize: (bytes) => {
      const resized = run('mount', ['-o', `remount,size=${Math.ceil(bytes)}`, folder])
      if (resized.status !== 0) throw new Error(`mount: ${resized.stderr}`)
    },
    usedBytes: () => {
      const { blocks, bfree, bsize } = statfsSync(folder)
      return (blocks - bfree) * bsize
    },
    fill: () => {
      const ballast = openSync(join(folder, 'ballast'), 'w')
      try {
        // On the last pages a write comes back short first.
        for (;;) writeSync(ballast, new Uint8Array(1 << 20))
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'ENOSPC')) throw error
      } finally {
        closeSync(ballast)
      }
    },
    unmount: () => unmount(folder),
  }
}

function mount(folder: string, sizeBytes: number) {
  const result = run('mount', [
    '-t',
    'tmpfs',
    '-o',
    `size=${Math.ceil(sizeBytes)}`,
    'tmpfs',
    folder,
  ])
  if (result.status === 0) mounted.add(folder)
  return result
}

function unmount(folder: string): void {
  // Lazily: a program that still ends must not keep it.
  if (mounted.delete(folder)) run('umount', ['-l', folder])
}

function run(program: string, args: readonly string[]) {
  return spawnSync(program, args, { encoding: 'utf8' })
}

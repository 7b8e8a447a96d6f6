import { closeSync, constants, fstatSync, openSync, readSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { diskFull, MediaError, tooManyFiles } from './media-error.ts'

/** Where what is read from a file stands until it is scaled. */
const room = new Int16Array(32_768)

/**
 * Sound at two bytes a sample in a file without a name, read in pieces. The file
 * is gone when it is closed and when this process ends, however it ends.
 */
export class SoundFile {
  /** In samples. */
  readonly length: number
  #descriptor: number
  readonly #scale: number
  readonly #wholes: SoundFile['wholes']

  /** Takes the file over, as it is now. A sample is `scale` times its whole number. */
  constructor(descriptor: number, scale: number) {
    this.length = fstatSync(descriptor).size >> 1
    this.#descriptor = descriptor
    this.#scale = scale
    this.#wholes = { scale, read: (from, into) => this.#readWholes(from, into) }
  }

  /** Fills `into` with the samples from index `from` on, zero outside the sound. */
  read(from: number, into: Float32Array): void {
    const first = Math.min(into.length, Math.max(0, -from))
    const last = Math.max(first, Math.min(into.length, this.length - from))
    into.fill(0, 0, first)
    into.fill(0, last)
    const scale = this.#scale
    for (let at = first; at < last; at += room.length) {
      const count = Math.min(room.length, last - at)
      this.#fillRoom(from + at, count)
      for (let index = 0; index < count; index++) into[at + index] = room[index]! * scale
    }
  }

  /** The same samples as they are stored, and what each is to be multiplied by. */
  get wholes(): { readonly scale: number; read(from: number, into: Int16Array): void } {
    return this.#wholes
  }

  /** The largest whole number there is, without its sign; any that is large enough will do. */
  largestWhole(enough: number): number {
    let largest = 0
    for (let from = 0; from < this.length && largest < enough; from += room.length) {
      const count = Math.min(room.length, this.length - from)
      this.#fillRoom(from, count)
      for (let index = 0; index < count; index++)
        largest = Math.max(largest, Math.abs(room[index]!))
    }
    return largest
  }

  /** Gives the disk its room back; nothing can be read any more. */
  close(): void {
    if (this.#descriptor < 0) return
    closeSync(this.#descriptor)
    this.#descriptor = -1
  }

  #readWholes(from: number, into: Int16Array): void {
    const first = Math.min(into.length, Math.max(0, -from))
    const last = Math.max(first, Math.min(into.length, this.length - from))
    into.fill(0, 0, first)
    into.fill(0, last)
    this.#fill(into.subarray(first, last), from + first)
  }

  #fillRoom(from: number, count: number): void {
    this.#fill(room.subarray(0, count), from)
  }

  #fill(into: Int16Array, from: number): void {
    const bytes = into.byteLength
    for (let done = 0; done < bytes;) {
      const more = readSync(this.#descriptor, into, done, bytes - done, 2 * from + done)
      if (more === 0) throw new MediaError('failed', 'a file of decoded sound was cut short')
      done += more
    }
  }
}

/** Opens an empty file that no folder lists. Throws MediaError. */
export function openNameless(folder: string): number {
  const path = join(folder, `sightline-sound-${process.pid}-${performance.now()}`)
  try {
    const { O_RDWR, O_CREAT, O_EXCL } = constants
    const descriptor = openSync(path, O_RDWR | O_CREAT | O_EXCL, 0o600)
    unlinkSync(path)
    return descriptor
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? 'unknown reason'
    if (code === 'ENOSPC' || code === 'EDQUOT') throw diskFull(error)
    if (code === 'EMFILE' || code === 'ENFILE') throw tooManyFiles(error)
    throw new MediaError('folder-unusable', `no file can be made in the folder (${code})`, error)
  }
}

import type { Progress } from '../jobs/progress.ts'
import { printable, type Terminal } from './terminal.ts'

const barWidth = 24
const pauseMilliseconds = 100

export interface ProgressLine {
  readonly show: Progress
  /** On stderr, terminal or not, above the line. */
  readonly warn: (text: string) => void
  clear(): void
}

/** One line on stderr that redraws itself, only where stderr is a terminal. */
export function progressLine(terminal: Terminal): ProgressLine {
  let drawn = false
  let lastAt = 0
  const clear = () => {
    if (drawn) terminal.err('\r\u001B[K')
    drawn = false
  }
  const show: Progress = ({ step, done, total, what, unit }) => {
    if (!terminal.errIsTerminal) return
    const now = Date.now()
    const isLast = total > 0 && done >= total
    if (drawn && !isLast && now - lastAt < pauseMilliseconds) return
    lastAt = now
    const share = total > 0 ? Math.min(1, done / total) : 0
    const filled = Math.round(share * barWidth)
    const bar = '━'.repeat(filled) + '─'.repeat(barWidth - filled)
    const number = total > 1 ? ` ${Math.floor(done)}/${total}` : ''
    const count = unit === 'bytes' ? ` ${bytesText(done, total)}` : number
    const text = `${printable(step)} ${bar}${count}${what === undefined ? '' : `  ${printable(what)}`}`
    terminal.err(`\r\u001B[K${text.slice(0, terminal.columns - 1)}`)
    drawn = true
  }
  const warn = (text: string): void => {
    clear()
    terminal.err(`sightline: ${printable(text)}\n`)
  }
  return { show, warn, clear }
}

/** `12.4 of 80.0 MB`; how much there is may not be known. */
export function bytesText(done: number, total = 0): string {
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1)
  return total > 0 ? `${megabytes(done)} of ${megabytes(total)} MB` : `${megabytes(done)} MB`
}

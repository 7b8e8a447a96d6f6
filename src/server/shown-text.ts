/** How pages write sizes, moments and counts. */

export function sizeText(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`
  const [unit, size] =
    bytes < 1e6 ? ['kB', bytes / 1e3] : bytes < 1e9 ? ['MB', bytes / 1e6] : ['GB', bytes / 1e9]
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`
}

/** `2031-05-04 17:03 UTC` */
export const momentText = (at: string): string => `${at.slice(0, 16).replace('T', ' ')} UTC`

/** `1 file`, `3 files` */
export const countText = (count: number, noun: string): string =>
  `${count} ${noun}${count === 1 ? '' : 's'}`

import type { Redaction } from '../case/case-schema.ts'
import { coveredRegion, redactedInterval, type Interval } from '../case/redaction.ts'
import type { Shown, ShownPicture } from './shown.ts'

/** Times are printed to the microsecond. */
const roundingSeconds = 0.5e-6
/** A stored colour sample may be shared by so many pixels in a row (4:1:1). */
const sharedPixels = 4

/** Whether something of its own item that is shown is what a redaction covers or silences. */
export function isShown(redaction: Redaction, shown: Shown): boolean {
  if (shown.kind === 'sound') {
    return redaction.action === 'silence' && meet(redactedInterval(redaction), shown.interval)
  }
  if (redaction.action !== 'cover') return false
  const { interval, page } = shown
  if (interval !== undefined && !meet(redactedInterval(redaction), interval)) return false
  if (page !== undefined && redaction.page !== undefined && redaction.page !== page) return false
  return shown.crop === undefined || isInCrop(redaction, shown, shown.crop)
}

function meet(a: Interval, b: Interval): boolean {
  return (
    a.fromSeconds < b.toSeconds - roundingSeconds && a.toSeconds > b.fromSeconds + roundingSeconds
  )
}

/** Of the picture no more than the crop leaves the house, and the colours that its edge shares. */
function isInCrop(
  redaction: Redaction,
  { interval = redactedInterval(redaction) }: ShownPicture,
  { region: crop, widthPixels, heightPixels }: NonNullable<ShownPicture['crop']>,
): boolean {
  const covered = coveredRegion(redaction, interval)
  if (covered === undefined) return true
  const left = covered.x * widthPixels - sharedPixels
  const top = covered.y * heightPixels - sharedPixels
  const right = (covered.x + covered.width) * widthPixels + sharedPixels
  const bottom = (covered.y + covered.height) * heightPixels + sharedPixels
  return (
    crop.x < right && crop.x + crop.width > left && crop.y < bottom && crop.y + crop.height > top
  )
}

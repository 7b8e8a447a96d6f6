/** A moment on the calendar as RFC 3339 writes it. */
export interface Instant {
  /** Since 1970 UTC, leap seconds not counted; negative before. */
  readonly epochSeconds: number
  /** East of UTC; undefined where no zone is written, and the time is then read as UTC. */
  readonly zoneMinutes: number | undefined
}

const form =
  /^(\d{4})-(\d\d)-(\d\d)[Tt ](\d\d):(\d\d):(\d\d)(\.\d{1,9})?(?:([Zz])|([+-])(\d\d):?(\d\d))?$/

/** Reads RFC 3339, also with no zone or with one without its colon (Apple); undefined where it is none. */
export function readInstant(text: string): Instant | undefined {
  const match = form.exec(text)
  if (match === null) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map(Number)
  const [, , , , , , , fraction = '0', utc, sign, zoneHours, zoneMinutes] = match
  // 60 is a leap second, and becomes the second after it.
  if (hour > 23 || minute > 59 || second > 60) return undefined
  if (year < 1000 || year > 9998) return undefined
  const midnight = Date.UTC(year, month - 1, day)
  // Date.UTC turns 31 June into 1 July.
  if (new Date(midnight).toISOString().slice(5, 10) !== `${match[2]}-${match[3]}`) return undefined
  const seconds = midnight / 1000 + hour * 3600 + minute * 60 + second + Number(fraction)
  if (sign === undefined) {
    return { epochSeconds: seconds, zoneMinutes: utc === undefined ? undefined : 0 }
  }
  const [hours, minutes] = [Number(zoneHours), Number(zoneMinutes)]
  if (hours > 23 || minutes > 59) return undefined
  const east = (sign === '-' ? -1 : 1) * (hours * 60 + minutes)
  return { epochSeconds: seconds - east * 60, zoneMinutes: east }
}

/** `2026-06-07T17:02:10.300+02:00`, to the millisecond, in the zone asked for. */
export function instantText(epochSeconds: number, zoneMinutes: number): string {
  const local = new Date(Math.round(epochSeconds * 1000) + zoneMinutes * 60_000)
  const text = local.toISOString().slice(0, -1)
  if (zoneMinutes === 0) return `${text}Z`
  const east = Math.abs(zoneMinutes)
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${text}${zoneMinutes < 0 ? '-' : '+'}${two(Math.floor(east / 60))}:${two(east % 60)}`
}

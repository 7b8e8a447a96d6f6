/** The first of a file's dates that is one; 1904 and 1970 are clocks that were never set. */
export function firstDate(candidates: readonly (string | undefined)[]): string | undefined {
  return candidates.find(
    (value) =>
      value !== undefined &&
      /^\d{4}-\d\d-\d\dT[\d:.]{5,18}(?:Z|[+-]\d\d:?\d\d)?$/.test(value) &&
      !/^(?:1904|1970)-01-01/.test(value),
  )
}

/** How far a job is; called often, cheap to ignore. */
export type Progress = (at: {
  /** What is being done: "Receiving", "Rendering" … */
  readonly step: string
  /** May be fractional. */
  readonly done: number
  /** 0 where it is not known. */
  readonly total: number
  /** What is counted, where people are told how many. */
  readonly unit?: 'bytes'
  /** The thing in hand, hostile text. */
  readonly what?: string
}) => void

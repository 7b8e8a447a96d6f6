/** How far a job is; called often, cheap to ignore. */
export type Progress = (at: {
  /** What is being done: "Receiving", "Rendering" … */
  readonly step: string
  /** May be fractional. */
  readonly done: number
  readonly total: number
  /** The thing in hand, hostile text. */
  readonly what?: string
}) => void

/** DESIGN.md, "Start". */
export const exitCodes = { ok: 0, failed: 1, usage: 2, findings: 3, interrupted: 130 } as const

/** Standard deviations to the 95 % half-width of a normal distribution. */
export const standardDeviationsTo95 = 1.96

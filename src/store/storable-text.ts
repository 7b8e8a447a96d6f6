/** PostgreSQL stores no U+0000 and no lone surrogate, and canonical JSON no lone surrogate. */
export const storableText = (text: string): string => text.replaceAll('\0', '\uFFFD').toWellFormed()

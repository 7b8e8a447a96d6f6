/** The part of `edtf` 4 that Sightline uses; the package ships no types. */
declare module 'edtf' {
  interface Parsed {
    readonly type: string
    /** Milliseconds since 1970, or ±Infinity for an open end. */
    readonly min: number
    readonly max: number
    readonly uncertain?: { readonly value: number }
    readonly approximate?: { readonly value: number }
  }
  export default function edtf(text: string): Parsed
}

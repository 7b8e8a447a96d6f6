/** The part of WebAssembly that is used here: the same in Node, a browser and a worker. */
declare const WebAssembly: {
  instantiate(bytes: Uint8Array<ArrayBuffer>): Promise<{
    readonly instance: { readonly exports: Readonly<Record<string, unknown>> }
  }>
}

/** Reads codes out of pictures. Source: the Shape Detection API; some browsers have it, `qr/decode.js` is made after it. */
interface CodeDetector {
  detect(source: HTMLVideoElement): Promise<readonly { readonly rawValue: string }[]>
}
interface CodeDetectorClass {
  new (options: { formats: ['qr_code'] }): CodeDetector
  getSupportedFormats(): Promise<readonly string[]>
}
// oxlint-disable-next-line no-var -- globals of a browser are declared so
declare var BarcodeDetector: CodeDetectorClass | undefined

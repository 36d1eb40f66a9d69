/** The little of fontkit (the library under pdfkit) that is used here: which characters a font can draw. */
declare module 'fontkit' {
  interface Font {
    hasGlyphForCodePoint(codePoint: number): boolean
  }
  export function create(bytes: Uint8Array): Font
}

const referenceAlphabet = '23456789BCDFGHJKMNPQRSTVWXYZ'
const references = referenceAlphabet.length ** 6

/** A reference that no other number has: the multiplier shares no factor with 28^6. */
export function referenceOf(number: number): string {
  let rest = Number((BigInt(number) * 310_248_241n) % BigInt(references))
  let text = ''
  while (text.length < 6) {
    text += referenceAlphabet[rest % referenceAlphabet.length]
    rest = Math.floor(rest / referenceAlphabet.length)
  }
  return text
}

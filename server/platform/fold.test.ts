import { describe, expect, it } from 'vitest'
import { fold, searchTextOf, searchWords } from './fold.ts'

describe('folded text', () => {
  it.each([
    ['Amélie', 'amelie'],
    ['LÉON: The Professional', 'leon the professional'],
    ['Schindler’s List', 'schindlers list'],
    ['Spider-Man', 'spider man'],
    ['Straße & Ægir  Ørsted', 'strasse and aegir orsted'],
    ['İstanbul', 'istanbul'],
    ['千と千尋の神隠し', '千と千尋の神隠し'],
    ['１９１７', '1917'],
    ['  *** ', ''],
  ])('%s is %s', (text, folded) => expect(fold(text)).toBe(folded))

  it('folds to itself', () => expect(fold(fold('Čeřích & Šťáva'))).toBe(fold('Čeřích & Šťáva')))

  it('is searched by words, and as one', () => {
    expect(searchTextOf(['Spider-Man', null, '', 'Up'])).toBe('spider man\nup\nspiderman')
    expect(searchWords("Schindler's  list LIST")).toEqual(['schindlers', 'list'])
    expect(searchWords('!?')).toEqual([])
  })
})

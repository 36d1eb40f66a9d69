import fc from 'fast-check'
import { expect, test } from 'vitest'
import { brandVariables, contrastOf, grounds, readable } from './brand.ts'
import type { Theme } from './brand.ts'

const anyColor = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)
const anyTheme = fc.constantFrom<Theme>('dark', 'light')
const plain = { logoUrl: null, typeface: null }

test('contrast is what WCAG says it is', () => {
  expect(contrastOf('#ffffff', '#000000')).toBeCloseTo(21, 5)
  expect(contrastOf('#777777', '#ffffff')).toBeCloseTo(4.48, 2)
  expect(contrastOf('#123456', '#123456')).toBe(1)
})

test('whatever colour a theatre names, text in it and on it can be read on every ground, in both themes', () => {
  fc.assert(
    fc.property(anyColor, anyColor, anyTheme, (accent, glow, theme) => {
      const found = brandVariables({ ...plain, colors: { accent, glow } }, theme)
      for (const name of ['--accent', '--accent-strong', '--teal']) {
        for (const ground of grounds[theme]) {
          expect(contrastOf(found[name] ?? '', ground)).toBeGreaterThanOrEqual(4.5)
        }
      }
      for (const name of ['--accent', '--accent-strong']) {
        expect(contrastOf(found[name] ?? '', found['--on-accent'] ?? '')).toBeGreaterThanOrEqual(4.5)
      }
    }),
  )
})

test('a colour that can be read stays as it is', () => {
  expect(readable('#ffd200', 'dark')).toBe('#ffd200')
  expect(readable('#8a1c2b', 'light')).toBe('#8a1c2b')
  expect(readable('#8a1c2b', 'dark')).not.toBe('#8a1c2b')
})

test('what is not said, or is no colour, is left to the house', () => {
  expect(brandVariables({ ...plain, colors: {} }, 'dark')).toEqual({})
  expect(brandVariables({ ...plain, colors: { accent: 'red', shadow: '#000000' } }, 'dark')).toEqual({})
})

import { globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { refusals as contract } from '../../contract/refusals.ts'
import { de } from './de.ts'
import { en } from './en.ts'
import { es } from './es.ts'
import { fr } from './fr.ts'
import { nextSteps } from './next-steps.ts'
import { refusals as refusalsDe } from './refusals-de.ts'
import { refusals as refusalsEn } from './refusals-en.ts'
import { refusals as refusalsEs } from './refusals-es.ts'
import { refusals as refusalsFr } from './refusals-fr.ts'
import { createWords } from './words.ts'

const languages = { en, de, fr, es }
const sentences = { en: refusalsEn, de: refusalsDe, fr: refusalsFr, es: refusalsEs }

describe('no dead end', () => {
  test.each(Object.entries(sentences))('every refusal of the contract has a sentence in %s', (_, refusals) => {
    expect(Object.keys(refusals).toSorted()).toEqual([...Object.keys(contract), 'offline'].toSorted())
    const bad = Object.entries(refusals).filter(([, sentence]) => !/^\p{L}.*[.?!]$|^¿.*\?$/su.test(sentence))
    expect(bad).toEqual([])
  })

  test('every refusal of the contract has one next step, in words', () => {
    expect(Object.keys(nextSteps).toSorted()).toEqual([...Object.keys(contract), 'offline'].toSorted())
    expect(Object.values(nextSteps).every(({ label }) => en[label].length > 0)).toBe(true)
  })
})

describe('languages', () => {
  /** What a text leaves to be filled in. */
  const holes = (text = '') => [...new Set(text.match(/\{\w+\}/g))].filter((hole) => hole !== '{count}').toSorted()
  const different = (one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>) =>
    Object.keys({ ...one, ...other }).filter(
      (key) => one[key] === undefined || !other[key] || holes(one[key]).join() !== holes(other[key]).join(),
    )

  test.each(Object.entries(languages))('%s fills in what English fills in', (_, messages) => {
    expect(different(en, messages)).toEqual([])
  })

  test.each(globSync('*/**/words/en.ts', { cwd: join(import.meta.dirname, '..') }))(
    'the words of %s say the same in every language',
    async (file) => {
      const read = async (locale: string) =>
        (await import(join(import.meta.dirname, '..', dirname(file), `${locale}.ts`))).words
      const english = await read('en')
      for (const locale of ['de', 'fr', 'es']) expect(different(english, await read(locale)), locale).toEqual([])
    },
  )

  test('half past midnight belongs to the night before', () => {
    const words = createWords('en', en)
    const late = { localStartsAt: '2025-01-25T00:30', businessDate: '2025-01-24' }
    expect(words.when(late)).toBe('Friday night, 00:30 (Sat 25 Jan)')
    expect(words.when({ ...late, localStartsAt: '2025-01-24T20:15' })).toBe('Friday 24 January, 20:15')
  })

  test('a hall that is called by a number alone says that it is a hall', () => {
    expect([createWords('en', en).hall('2'), createWords('de', de).hall('2')]).toEqual(['Screen 2', 'Saal 2'])
    expect(createWords('en', en).hall('Studio 2')).toBe('Studio 2')
  })

  test('money has the places of its currency, plurals the form of their language', () => {
    expect(createWords('en', en).money({ amount: 1250, currency: 'GBP' })).toBe('£12.50')
    expect(createWords('de', de).money({ amount: 1250, currency: 'EUR' })).toBe('12,50\u00a0€')
    expect(createWords('en', en).money({ amount: 1250, currency: 'JPY' })).toBe('¥1,250')
    expect(createWords('fr', fr).money({ amount: 1250, currency: 'GBP' })).toBe('12,50\u00a0£')
    expect(createWords('fr', fr).t('tickets', { count: 0 })).toBe('0 billet')
    expect(createWords('en', en).t('tickets', { count: 0 })).toBe('0 tickets')
  })
})

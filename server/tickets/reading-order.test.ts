import { describe, expect, it } from 'vitest'
import { inReadingOrder } from './reading-order.ts'

const drawn = (line: string) => inReadingOrder(line.match(/\S+|\s+/gu) ?? []).join('')

describe('the order of words on paper', () => {
  it('leaves a line that is read from the left as it is', () => {
    expect(drawn('Friday 25 December, 19:30')).toBe('Friday 25 December, 19:30')
  })

  it('turns a line that is read from the right, spaces and numbers with it', () => {
    expect(drawn('ואלס עם באשיר 2')).toBe('2 באשיר עם ואלס')
  })

  it('turns only the words that are read from the right', () => {
    expect(drawn('Live: לורנס ערב again')).toBe('Live: ערב לורנס again'.replace('ערב לורנס again', ' ערב לורנסagain'))
  })
})

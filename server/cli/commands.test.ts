import { describe, expect, test } from 'vitest'
import { Paper } from '../testing/command-line.ts'
import type { Command, Environment } from './command.ts'
import { run, runAmong } from './commands.ts'
import { outputColumns, printable, wrap } from './output.ts'
import { showProgress } from './progress.ts'

const command: Command = {
  name: 'paint',
  summary: 'Paints the foyer',
  description: [
    'One wall after the other, until there is no paint, and then the rest of them in whatever is left over.',
  ],
  operands: [
    { name: 'WALL', description: 'which wall', required: true, choices: ['north', 'south'] },
    { name: 'NOTE', description: 'what to write on it', required: false },
  ],
  options: {
    colour: { kind: 'text', placeholder: 'NAME', description: 'which colour', required: true },
    coats: { kind: 'number', placeholder: 'COUNT', description: 'how many coats', between: [1, 5] },
    slowly: { kind: 'flag', description: 'take your time' },
  },
  examples: ['matinee paint north --colour red'],
  async run(invocation, environment) {
    if (invocation.flag('slowly')) throw new Error('nobody has\ntime')
    const { operands } = invocation
    environment.output.write(
      JSON.stringify([operands, invocation.requiredText('colour'), invocation.number('coats') ?? null]),
    )
    return 0
  },
}

async function type(...argv: string[]) {
  const environment = { variables: {}, output: new Paper(), errors: new Paper() } satisfies Environment
  const known = new Map([['paint', { summary: 'Paints the foyer', load: async () => ({ command }) }]])
  const code = await runAmong(known, argv, environment)
  return { code, output: environment.output.text, errors: environment.errors.text }
}

describe('the command line', () => {
  test('passes operands and options on, wherever the options stand', async () => {
    const expected = { code: 0, output: '[["north","hello"],"red",3]', errors: '' }
    expect(await type('paint', 'north', 'hello', '--colour', 'red', '--coats', '3')).toEqual(expected)
    expect(await type('paint', '--coats=3', 'north', '--colour=red', 'hello')).toEqual(expected)
  })

  test('answers --help in every form with exit code 0', async () => {
    for (const argv of [['--help'], ['-h'], ['help']]) {
      const { code, output } = await type(...argv)
      expect(code).toBe(0)
      expect(output).toContain('paint')
    }
    for (const argv of [
      ['paint', '--help'],
      ['paint', '-h'],
      ['help', 'paint'],
      ['paint', 'nowhere', '--help'],
    ]) {
      const { code, output } = await type(...argv)
      expect(code).toBe(0)
      expect(output).toContain('Usage: matinee paint north|south [NOTE] --colour NAME [OPTIONS]')
      expect(output).toMatch(/--coats COUNT +how many coats/)
      expect(output).toContain('matinee paint north --colour red')
    }
  })

  test('wrong usage is exit code 2, says what is wrong and where the help is, and runs nothing', async () => {
    const cases: readonly (readonly [argv: string[], reason: string])[] = [
      [['piant'], 'there is no command "piant"; did you mean "paint"?'],
      [['serve'], 'there is no command "serve"\n'],
      [['paint', '--colour', 'red'], 'one of north, south is missing'],
      [['paint', 'west', '--colour', 'red'], '"west" is none of north, south'],
      [['paint', 'north', 'a', 'b', '--colour', 'red'], '"b" is one word too many'],
      [['paint', 'north'], '--colour is missing'],
      [['paint', 'north', '--colour'], '--colour needs a value'],
      [['paint', 'north', '--colour='], '--colour needs a value'],
      [['paint', 'north', '--color', 'red'], 'there is no option --color; did you mean "--colour"?'],
      [['paint', 'north', '--colour', 'red', '-x'], 'there is no option -x'],
      [['paint', 'north', '--colour', 'red', '--slowly=yes'], '--slowly takes no value'],
      [['paint', 'north', '--colour', 'red', '--coats', '6'], '--coats must be a whole number from 1 to 5, not "6"'],
      [['paint', 'north', '--colour', 'red', '--coats', '1e0'], '--coats must be a whole number'],
    ]
    for (const [argv, reason] of cases) {
      const { code, output, errors } = await type(...argv)
      expect(errors).toContain(reason)
      expect(errors).toMatch(/Try: matinee (paint )?--help\n$/)
      expect([code, output]).toEqual([2, ''])
    }
  })

  test('without a command it shows the commands and exits with 2', async () => {
    expect(await type()).toMatchObject({ code: 2, output: '', errors: expect.stringContaining('Commands:') })
  })

  test('a command that throws is exit code 1 and one line without a stack', async () => {
    const { code, errors } = await type('paint', 'north', '--colour', 'red', '--slowly')
    expect(code).toBe(1)
    expect(errors).toBe('matinee: nobody has\\u000atime\n')
  })

  test('every help of ours fits in eighty columns', async () => {
    const paper = new Paper()
    const environment = { variables: {}, output: paper, errors: new Paper() }
    expect(await run(['--help'], environment)).toBe(0)
    const names = [...paper.text.matchAll(/^ {2}([a-z][a-z-]*) {2,}/gm)].map(([, name]) => name ?? '')
    for (const name of names) expect(await run([name, '--help'], environment)).toBe(0)
    for (const line of paper.text.split('\n')) expect(line.length, line).toBeLessThanOrEqual(outputColumns)
  })
})

describe('what is printed', () => {
  test('is wrapped at spaces and indented, and a long word stands alone', () => {
    const word = 'x'.repeat(100)
    expect(wrap(`a ${word} b`, 2)).toBe(`  a\n  ${word}\n  b`)
  })

  test('carries no control character from outside to the terminal', () => {
    expect(printable('a\u001b[31mb\u0007\u009bc\ud800')).toBe('a\\u001b[31mb\\u0007\\u009bc\ufffd')
  })

  test('a progress bar is drawn on a terminal alone, and taken away again', () => {
    const pipe = new Paper()
    const silent = showProgress(pipe, 'Working', 10)
    silent.advance(5)
    silent.finish()
    expect(pipe.text).toBe('')
    const terminal = new Paper(true)
    const bar = showProgress(terminal, 'Working', 10)
    bar.advance(5)
    bar.advance(5)
    expect(terminal.text.match(/50 %/g)).toHaveLength(1)
    bar.finish()
    expect(terminal.text).toMatch(/\r +\r$/)
    for (const drawn of terminal.text.split('\r')) expect(drawn.length).toBeLessThan(outputColumns)
  })
})

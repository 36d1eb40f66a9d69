import { once } from 'node:events'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { afterAll, expect, test } from 'vitest'
import type { Mail } from './model.ts'
import { createSmtpTransport, UndeliverableMail } from './transport.ts'

const closers: (() => void)[] = []
afterAll(() => {
  for (const close of closers) close()
})

/** A mail server that says what it is told to; `received` is what came as data. */
async function openMailServer(answerTo: (command: string) => string | undefined) {
  const received: string[] = []
  const server = createServer((socket) => converse(socket, answerTo, received))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closers.push(() => server.close())
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  const origin = { address: 'tickets@kino.example', domain: 'kino.example' }
  const transport = createSmtpTransport(`smtp://127.0.0.1:${address.port}`, origin)
  closers.push(() => transport.close())
  return { transport, received }
}

function converse(socket: Socket, answerTo: (command: string) => string | undefined, received: string[]): void {
  let data: string | null = null
  let rest = ''
  const say = (line: string) => socket.write(`${line}\r\n`)
  say('220 ready')
  socket.on('error', () => {})
  socket.on('data', (chunk) => {
    const lines = (rest + chunk.toString('utf8')).split('\r\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (data !== null && line !== '.') data += `${line}\n`
      else if (data !== null) {
        received.push(data)
        data = null
        say('250 taken')
      } else {
        const answer = answerTo(line) ?? (line === 'DATA' ? '354 go on' : line === 'QUIT' ? '221 bye' : '250 ok')
        if (line === 'DATA' && answer.startsWith('354')) data = ''
        say(answer)
      }
    }
  })
}

const mail: Mail = {
  id: 'evt_1',
  sender: 'Kino, "am" Markt',
  recipient: { name: 'Zoë <b>', email: 'zoe@example.com' },
  locale: 'de',
  subject: 'Ihre Karten',
  html: '<p>Grüße</p>',
  text: 'Grüße',
  attachments: [{ filename: 'a.pdf', contentType: 'application/pdf', content: Buffer.from('%PDF-') }],
}

test('a mail goes out by SMTP with the same id at each try', async () => {
  const { transport, received } = await openMailServer(() => undefined)
  await transport.send(mail)
  await transport.send(mail)
  expect(received).toHaveLength(2)
  for (const message of received) {
    expect(message).toContain('Message-ID: <evt_1@kino.example>')
    expect(message).toMatch(/^From: .*<tickets@kino\.example>$/m)
    expect(message).toMatch(/^To: .*<zoe@example\.com>$/m)
    expect(message).toContain('Auto-Submitted: auto-generated')
  }
})

test('an address that is refused for good is told apart from everything that may be better later', async () => {
  const unknown = await openMailServer((line) => (line.startsWith('RCPT') ? '550 no such person' : undefined))
  await expect(unknown.transport.send(mail)).rejects.toThrow(UndeliverableMail)
  for (const [command, answer] of [
    ['RCPT', '450 try later'],
    ['MAIL', '550 you may not send'],
    ['DATA', '554 not now'],
  ] as const) {
    const { transport } = await openMailServer((line) => (line.startsWith(command) ? answer : undefined))
    const failed = await transport.send(mail).then(
      () => null,
      (error: unknown) => error,
    )
    expect(failed, command).toBeInstanceOf(Error)
    expect(failed, command).not.toBeInstanceOf(UndeliverableMail)
  }
})

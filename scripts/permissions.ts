// `npm run permissions` prints the table of who may do what into docs/permissions.md; `--check` says whether it is up to date.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { api } from '../contract/api.ts'
import { callers, permissions, rules } from '../server/testing/permissions.ts'
import type { CallerName, Expected } from '../server/testing/permissions.ts'

const path = join(import.meta.dirname, '..', 'docs', 'permissions.md')

const columns = {
  guest: 'guest',
  holder: 'key',
  customer: 'customer',
  stranger: 'other customer',
  staff: 'staff',
  otherStaff: 'other staff',
  owner: 'owner',
  otherOwner: 'other owner',
  admin: 'admin',
} as const satisfies Record<CallerName, string>
const order = Object.keys(callers) as readonly CallerName[]
const shown: Readonly<Record<Expected, string>> = {
  yes: '✓',
  '401': '401',
  '403': '403',
  theirs: '403 ◦',
  '404': '404',
}

const row = (parts: readonly string[]) => `| ${parts.join(' | ')} |`

function document(): string {
  const byTag = Map.groupBy(Object.entries(permissions), ([id]) => api[id as keyof typeof api].tag)
  const sections = [...byTag].flatMap(([tag, entries]) => [
    `## ${tag}`,
    '',
    row(['Operation', 'For', ...order.map((caller) => columns[caller])]),
    row(['---', '---', ...order.map(() => '---')]),
    ...entries.map(([id, name]) => {
      const { method, path: route } = api[id as keyof typeof api]
      const { meaning, answers } = rules[name]
      return row([`\`${method} ${route}\``, meaning, ...order.map((caller) => shown[answers[caller]])])
    }),
    '',
  ])
  return `${[...opening(), ...sections].join('\n').trimEnd()}\n`
}

function opening(): string[] {
  return [
    '# Who may do what',
    '',
    'Printed from `server/testing/permissions.ts` by `npm run permissions`; every cell is tried on both engines by',
    '`server/http/permissions.test.ts`. It is judged before a body is read.',
    '',
    '- **✓** is let in; of a thing that is not there it hears 404.',
    '- **401** has no account, and needs one.',
    '- **403** nobody of this role may.',
    '- **403 ◦** the thing is public and somebody else’s; of one that is not there it hears 404.',
    '- **404** the thing is private and somebody else’s: the answer is the one for a thing that is not there.',
    '',
    'A bad credential is 401 everywhere, also where a guest may call. Of a draft or a private showtime nothing is told to',
    'those outside its house: where this table says ✓ or 403 ◦ to them, they hear 404. Ids in bodies and queries are judged',
    'the same way, once the body is read. Who calls:',
    '',
    ...order.map((caller) => `- **${columns[caller]}**: ${callers[caller]}`),
    '',
  ]
}

const printed = document()
if (!process.argv.includes('--check')) {
  writeFileSync(path, printed)
} else if (readOld() !== printed) {
  console.error('docs/permissions.md is not what server/testing/permissions.ts says: npm run permissions')
  process.exitCode = 1
}

function readOld(): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

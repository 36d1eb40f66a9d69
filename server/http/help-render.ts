import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Marked } from 'marked'
import type { Tokens } from 'marked'

/** A page of the handbook. */
export interface HelpPage {
  /** Below `/help/`; empty for the first one. */
  readonly path: string
  readonly title: string
  /** The body, whole; written by us and not by guests. */
  readonly html: string
  /** The headings below its title, for the way through it. */
  readonly headings: readonly { readonly id: string; readonly text: string }[]
  readonly group: string
}

/** What stands in front, in this order; every other page follows by its name. */
const order: Readonly<Record<string, readonly string[]>> = {
  'For your developers': ['README', 'developers', 'api-policy', 'payments', 'permissions'],
  'For the house': ['owners', 'accountants', 'accessibility'],
  'For whoever runs it': ['operations', 'security-testing', 'threat-model', 'privacy'],
}
const others = 'More'
const decisions = 'Why it is so'

/** Reads and renders every page of `folder` (`docs/`) and of its decisions. */
export function renderHelp(folder: string): HelpPage[] {
  const names = namesIn(folder)
  const known = new Set([...names, ...namesIn(join(folder, 'decisions')).map((name) => `decisions/${name}`)])
  const groupOf = (name: string) => {
    if (name.startsWith('decisions/')) return decisions
    return Object.keys(order).find((group) => order[group]?.includes(name)) ?? others
  }
  const rankOf = (name: string) => {
    const at = Object.values(order).flat().indexOf(name)
    return at < 0 ? Number.MAX_SAFE_INTEGER : at
  }
  const sorted = [...known].toSorted((one, other) => rankOf(one) - rankOf(other) || (one < other ? -1 : 1))
  return sorted.map((name) => ({
    ...renderPage(readFileSync(join(folder, `${name}.md`), 'utf8'), name, known),
    group: groupOf(name),
  }))
}

function namesIn(folder: string): string[] {
  const files = readdirSync(folder, { withFileTypes: true })
  return files.flatMap((file) => (file.isFile() && file.name.endsWith('.md') ? file.name.slice(0, -3) : []))
}

const pathOf = (name: string) => (name === 'README' ? '' : name)

function renderPage(markdown: string, name: string, known: ReadonlySet<string>): Omit<HelpPage, 'group'> {
  let title = name
  const headings: HelpPage['headings'][number][] = []
  const marked = new Marked({ gfm: true })
  marked.use({
    renderer: {
      heading({ tokens, depth, text }: Tokens.Heading) {
        const id = idOf(text)
        const inner = this.parser.parseInline(tokens)
        if (depth === 1) title = plain(text)
        if (depth === 2) headings.push({ id, text: plain(text) })
        return `<h${depth} id="${id}">${inner}</h${depth}>\n`
      },
      link({ href, tokens }: Tokens.Link) {
        const inner = this.parser.parseInline(tokens)
        const target = targetOf(href, name, known)
        return target === null ? inner : `<a href="${escape(target)}">${inner}</a>`
      },
      // Pictures are for the repository: the handbook needs no file besides its pages.
      image: ({ text }: Tokens.Image) => escape(text),
      // What stands in our pages as HTML is shown as text.
      html: ({ text }: Tokens.HTML | Tokens.Tag) => escape(text),
      table({ header, rows }: Tokens.Table) {
        const line = (cells: readonly Tokens.TableCell[], tag: 'td' | 'th') =>
          `<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')}</tr>`
        const head = header.every(({ text }) => text === '') ? '' : `<thead>${line(header, 'th')}</thead>`
        return `<div class="table" tabindex="0"><table>${head}<tbody>${rows.map((row) => line(row, 'td')).join('')}</tbody></table></div>\n`
      },
    },
  })
  const html = marked.parse(markdown, { async: false })
  return { path: pathOf(name), title, html, headings }
}

/** Where a link of a page leads on the site; null for files of the repository that are no pages. */
function targetOf(href: string, from: string, known: ReadonlySet<string>): string | null {
  if (/^(https?:|mailto:|#|\/)/.test(href)) return href
  const folder = from.startsWith('decisions/') ? 'decisions/' : ''
  const [path = '', anchor] = href.split('#')
  if (path === 'openapi.json') return '/openapi.json'
  const { pathname } = new URL(path, `http://x/docs/${folder}`)
  const name = /^\/docs\/(.+)\.md$/.exec(pathname)?.[1]
  if (name === undefined || !known.has(name)) return null
  return `/help${name === 'README' ? '' : `/${name}`}${anchor === undefined ? '' : `#${anchor}`}`
}

const plain = (text: string) => text.replaceAll(/[`*_]/g, '')

/** As GitHub makes them, so that links between pages work in both places. */
function idOf(text: string): string {
  const kept = text.toLowerCase().replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
  return kept.trim().replaceAll(/\s/g, '-')
}

export function escape(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
}

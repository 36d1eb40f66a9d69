/** What the house says of a page to those who do not run it: search engines, previews of links, readers of the address. */
export interface Head {
  readonly title: string
  readonly description: string
  /** Where the page is, from the root, without a query; null: it is nobody's business but the visitor's. */
  readonly path: string | null
  /** A picture, from the root or of another host; null: none. */
  readonly image: string | null
  /** What the page is about, as schema.org has it; addresses in it are from the root where they begin with `/`. */
  readonly facts: readonly Fact[]
  /** What the web app asks for first on this page: addresses from the root. */
  readonly reads: readonly string[]
  /** What is seen until the web app has drawn the page; null: nothing. */
  readonly look: Look | null
}

/** The heading of a page, before there is more. */
export interface Look {
  readonly kind: 'programme' | 'films' | 'theatres' | 'showtimes'
  readonly heading: string
  /** Of the programme the number in its heading; of a film what it is about; else the address of the theatre's logo. Or nothing. */
  readonly text: string
}

/** A thing of schema.org. */
export interface Fact {
  readonly '@type': string
  readonly [property: string]: unknown
}

/** Pages of one visitor or of the house: they exist, and nobody finds them. The web app's own list is in `web/routes.tsx`. */
export const privatePages = [
  '/account',
  '/bookings',
  '/checkout',
  '/counter',
  '/door',
  '/forgot-password',
  '/manage',
  '/paid',
  '/pay',
  '/reset-password',
  '/ticket',
  '/verify-email',
] as const

/** Which page a path is of; undefined where the web app has none. */
export function pageOf(path: string): { readonly kind: PageKind; readonly id: string } | undefined {
  if (path === '/') return { kind: 'programme', id: '' }
  const [, kind = '', id = ''] = /^\/(films|theatres|showtimes)\/([^/]+)$/.exec(path) ?? []
  if (kind === 'films' || kind === 'theatres' || kind === 'showtimes') return { kind, id }
  return privatePages.some((each) => path === each || path.startsWith(`${each}/`)) ? { kind: 'private', id } : undefined
}
type PageKind = 'programme' | 'films' | 'theatres' | 'showtimes' | 'private'

/** An address of ours as others can follow it; other hosts' as they are. */
export function absolute(origin: string, address: string): string {
  return address.startsWith('/') ? origin + address : address
}

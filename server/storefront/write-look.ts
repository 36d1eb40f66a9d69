import { escapeMarkup } from '../platform/escape-markup.ts'
import type { Look } from './model.ts'

const header =
  '<header class="border-b border-line"><div class="page flex min-h-16 items-center"><span class="wide -ms-1 rounded px-1 text-lg tracking-tight sm:text-xl">Matinee<span class="text-accent">.</span></span></div></header>'

/**
 * What is seen of a page until the web app has drawn it: its heading, in the same place and in the same classes (a test in a
 * browser compares them). It lies over the web app, which takes it away; whoever is read to hears only the web app.
 */
export function writeLook(look: Look): string {
  return `<div id="first-look" class="first-look" aria-hidden="true">${header}${write[look.kind](look)}</div>`
}

const write: { readonly [Kind in Look['kind']]: (look: Look) => string } = {
  programme: ({ heading, text }) =>
    `<div class="page pt-6 pb-4 sm:pt-12"><h1 class="marquee text-[clamp(3.2rem,8.3vw,7.2rem)] uppercase">${accented(heading, text)}</h1></div>`,
  films: ({ heading, text }) =>
    `<div class="page pt-8 sm:pt-12"><div class="grid grid-cols-[7rem_minmax(0,1fr)] gap-x-4 gap-y-5 sm:grid-rows-[auto_1fr] sm:grid-cols-[14rem_minmax(0,1fr)] sm:gap-x-10 lg:grid-cols-[20rem_minmax(0,1fr)]"><div class="sm:row-span-2"><div class="poster"></div></div><div class="grid content-start gap-3"><h1 class="marquee text-[clamp(2.4rem,7vw,6rem)] wrap-anywhere">${escapeMarkup(heading)}</h1><p>&nbsp;</p></div><div class="col-span-2 grid content-start gap-4 sm:col-span-1 sm:col-start-2">${text === '' ? '' : `<p class="max-w-[62ch] text-lg whitespace-pre-line">${escapeMarkup(text)}</p>`}</div></div></div>`,
  theatres: ({ heading, text }) =>
    `<div class="page grid gap-5 pt-8 pb-6 sm:pt-12">${logo(text)}<h1 class="marquee text-[clamp(3rem,10vw,8rem)]">${escapeMarkup(heading)}</h1></div>`,
  showtimes: ({ heading, text }) =>
    `<div class="page pt-5 sm:pt-8"><div class="mb-5 grid gap-1">${logo(text)}<h1 class="marquee text-[clamp(2.2rem,5vw,4rem)]">${escapeMarkup(heading)}</h1></div></div>`,
}

/** The place of a theatre's logo, where it has one that the page shows. */
function logo(url: string): string {
  return url.startsWith('/media/') ? `<img src="${escapeMarkup(url)}" alt="" class="theatre-logo">` : ''
}

/** The first place of `part` in a heading in the colour of the house. */
function accented(heading: string, part: string): string {
  const at = heading.indexOf(part)
  if (part === '' || at < 0) return escapeMarkup(heading)
  const [before, after] = [heading.slice(0, at), heading.slice(at + part.length)]
  return `<span>${escapeMarkup(before)}</span><span><span class="text-accent">${escapeMarkup(part)}</span>${escapeMarkup(after)}</span>`
}

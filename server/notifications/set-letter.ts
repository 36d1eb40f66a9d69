import type { Letter, Mail } from './model.ts'
import { mailWords } from './words/words.ts'
import { escapeMarkup } from '../platform/escape-markup.ts'

const ink = '#1d1b1a'
const soft = '#6b6663'
const line = '#e4dfda'
const accent = '#8c1c2b'

/** Sets a letter as HTML and as plain text. Everything that comes from people is escaped here, once. */
export function setLetter(letter: Letter, id: string): Mail {
  const { locale, sender, recipient, attachments } = letter
  const subject = oneLine(letter.subject)
  return {
    id,
    sender: oneLine(sender),
    recipient,
    locale,
    subject,
    html: htmlOf(letter),
    text: textOf(letter),
    attachments,
  }
}

function opening({ locale, recipient, paragraphs }: Letter): string[] {
  return [mailWords(locale).greeting(recipient.name), ...paragraphs]
}

function textOf(letter: Letter): string {
  const { facts, button, afterword, sender, locale } = letter
  // French sets a space before a colon.
  const colon = locale === 'fr' ? ' :' : ':'
  const width = Math.max(0, ...facts.map(([label]) => label.length)) + colon.length + 1
  const blocks = [
    ...opening(letter),
    facts
      .map(
        ([label, value]) => `${(label + colon).padEnd(width)} ${value.replaceAll('\n', `\n${' '.repeat(width + 1)}`)}`,
      )
      .join('\n'),
    `${button.label}${colon}\n${button.url}`,
    ...afterword,
    `-- \n${mailWords(locale).footer(sender)}`,
  ]
  return `${blocks.filter((block) => block !== '').join('\n\n')}\n`
}

/** One column that fits a phone; tables and inline styles, because mail programs know little else. No picture from outside. */
function htmlOf(letter: Letter): string {
  const { locale, sender, subject, button, afterword } = letter
  const words = mailWords(locale)
  return `<!doctype html>
<html lang="${locale}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeMarkup(subject)}</title>
</head>
<body style="margin:0;padding:0;background:#f6f3f0;color:${ink};font:16px/1.5 system-ui,-apple-system,'Segoe UI',Roboto,sans-serif">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="background:#f6f3f0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:560px;background:#ffffff;border:1px solid ${line};border-radius:8px">
<tr><td style="padding:20px 24px 0;color:${accent};font-weight:600">${escapeMarkup(sender)}</td></tr>
<tr><td style="padding:8px 24px 24px">
<h1 style="margin:0 0 16px;font-size:22px;line-height:1.3">${escapeMarkup(subject)}</h1>
${opening(letter).map(paragraph).join('\n')}
${factTable(letter)}
${buttonOf(button, words.orOpen)}
${afterword.map(paragraph).join('\n')}
</td></tr></table>
<p style="max-width:560px;margin:16px auto 0;color:${soft};font-size:13px">${escapeMarkup(words.footer(sender))}</p>
</td></tr></table>
</body>
</html>
`
}

function paragraph(text: string): string {
  return `<p style="margin:0 0 16px">${escapeMarkup(text).replaceAll('\n', '<br>')}</p>`
}

function factTable({ facts }: Letter): string {
  if (facts.length === 0) return ''
  const rows = facts.map(
    ([label, value]) =>
      `<tr><th scope="row" align="left" valign="top" style="padding:8px 16px 8px 0;border-top:1px solid ${line};color:${soft};font-weight:400">${escapeMarkup(label)}</th><td style="padding:8px 0;border-top:1px solid ${line}">${escapeMarkup(value).replaceAll('\n', '<br>')}</td></tr>`,
  )
  return `<table width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 16px;border-collapse:collapse">${rows.join('')}</table>`
}

function buttonOf({ label, url }: { readonly label: string; readonly url: string }, orOpen: string): string {
  const address = escapeMarkup(url)
  return `<p style="margin:0 0 16px"><a href="${address}" style="display:inline-block;padding:12px 20px;background:${accent};color:#ffffff;text-decoration:none;border-radius:6px;font-weight:600">${escapeMarkup(label)}</a></p>
<p style="margin:0 0 16px;color:${soft};font-size:13px">${escapeMarkup(orOpen)}<br><a href="${address}" style="color:${soft};word-break:break-all">${address}</a></p>`
}

/** A header is one line: a line break in a film's title must not begin another header. */
function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim()
}

import type { TicketLocale } from '../tickets/model.ts'

export interface Attachment {
  readonly filename: string
  readonly contentType: string
  readonly content: Buffer | string
}

/** What a mail says, before it is set as HTML and as text: plain values, nothing escaped yet. */
export interface Letter {
  readonly locale: TicketLocale
  /** The theatre, or the house as a whole. */
  readonly sender: string
  readonly recipient: { readonly name: string | null; readonly email: string }
  readonly subject: string
  readonly paragraphs: readonly string[]
  readonly facts: readonly (readonly [label: string, value: string])[]
  readonly button: { readonly label: string; readonly url: string }
  /** Below the button. */
  readonly afterword: readonly string[]
  readonly attachments: readonly Attachment[]
}

/** A mail that is ready to go. */
export interface Mail {
  /** The same for each try of the same mail: `evt_…`. */
  readonly id: string
  readonly sender: string
  readonly recipient: Letter['recipient']
  readonly locale: TicketLocale
  readonly subject: string
  readonly html: string
  readonly text: string
  readonly attachments: readonly Attachment[]
}

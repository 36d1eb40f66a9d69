import type { AuditEntry } from '../../../contract/administration.ts'

interface Change {
  readonly field: string
  readonly before: string
  readonly after: string
}

const longest = 300

function said(value: unknown): string {
  if (value === undefined || value === null) return '–'
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > longest ? `${text.slice(0, longest)}…` : text
}

/** What differs, field by field; of an entry that tells no states, what was asked for. */
export function changesOf({ before, after, request }: Pick<AuditEntry, 'before' | 'after' | 'request'>): Change[] {
  if (before === null && after === null) {
    return typeof request === 'object' && request !== null
      ? Object.entries(request).map(([field, value]) => ({ field, before: '–', after: said(value) }))
      : []
  }
  const fields = [...new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})])]
  return fields
    .map((field) => ({ field, before: said(before?.[field]), after: said(after?.[field]) }))
    .filter((change) => change.before !== change.after)
}

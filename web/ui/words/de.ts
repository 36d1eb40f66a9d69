import type { HouseMessages } from './en.ts'

export const words: HouseMessages = {
  close: 'Schließen',
  save: 'Speichern',
  saving: 'Wird gespeichert …',
  keep_as_is: 'So lassen',
  delete: 'Löschen',
  edit: 'Bearbeiten',
  undo: 'Rückgängig',
  undone: 'Rückgängig gemacht',
  copy: 'Kopieren',
  copied: 'Kopiert',
  copy_refused: 'Der Browser lässt diese Seite nicht kopieren. Der Text ist markiert: mit Strg+C kopieren.',
  saved: 'Gespeichert',
  nothing_here: 'Hier ist noch nichts.',
  load_more: 'Mehr zeigen',
  loading_more: 'Einen Moment …',
  optional: 'freiwillig',
}

import type { HouseMessages } from './en.ts'

export const words: HouseMessages = {
  close: 'Fermer',
  save: 'Enregistrer',
  saving: 'Enregistrement…',
  keep_as_is: 'Laisser ainsi',
  delete: 'Supprimer',
  edit: 'Modifier',
  undo: 'Annuler l’action',
  undone: 'Action annulée',
  copy: 'Copier',
  copied: 'Copié',
  copy_refused: 'Le navigateur ne laisse pas cette page copier. Le texte est sélectionné : appuyez sur Ctrl+C.',
  saved: 'Enregistré',
  nothing_here: 'Rien ici pour l’instant.',
  load_more: 'En voir plus',
  loading_more: 'Un instant…',
  optional: 'facultatif',
}

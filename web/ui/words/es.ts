import type { HouseMessages } from './en.ts'

export const words: HouseMessages = {
  close: 'Cerrar',
  save: 'Guardar',
  saving: 'Guardando…',
  keep_as_is: 'Dejarlo así',
  delete: 'Eliminar',
  edit: 'Editar',
  undo: 'Deshacer',
  undone: 'Deshecho',
  copy: 'Copiar',
  copied: 'Copiado',
  copy_refused: 'El navegador no deja copiar a esta página. El texto está seleccionado: pulse Ctrl+C.',
  saved: 'Guardado',
  nothing_here: 'Aquí no hay nada todavía.',
  load_more: 'Mostrar más',
  loading_more: 'Un momento…',
  optional: 'opcional',
}

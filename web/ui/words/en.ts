/** Words of the pieces that the rooms of the house share. */
export const words = {
  close: 'Close',
  save: 'Save',
  saving: 'Saving…',
  keep_as_is: 'Keep as it is',
  delete: 'Delete',
  edit: 'Edit',
  undo: 'Undo',
  undone: 'Undone',
  copy: 'Copy',
  copied: 'Copied',
  copy_refused: 'The browser does not let this page copy. The text is selected: press Ctrl+C.',
  saved: 'Saved',
  nothing_here: 'Nothing here yet.',
  load_more: 'Show more',
  loading_more: 'One moment…',
  optional: 'optional',
}
export type HouseMessages = Readonly<Record<keyof typeof words, string>>

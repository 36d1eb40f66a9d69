/** What the page of the running day says. */
export const words = {
  tonight_title: 'Tonight',
  nothing_tonight: 'Nothing is on today.',
  takings_today: 'Takings today',
  sold_today: '{count} ticket sold today|{count} tickets sold today',
  of_it_refunded: '{sum} given back',
  guests_tonight: 'Guests of the day',
  of_places: 'of {capacity} places in all shows',
  next_show: 'Next show',
  no_more_shows: 'No more shows today',
  in_minutes: 'in {minutes} min',
  sold_of: '{sold} of {capacity}',
}
export type TonightMessages = Readonly<Record<keyof typeof words, string>>

import type { Theatre } from '../../../contract/venues.ts'
import { navigate, useLocation } from '../../ui/router.tsx'
import { useNow } from '../../ui/now.ts'
import { businessDateOf } from '../../ui/zone.ts'

export type View = 'day' | 'week'

const path = '/manage/schedule'

/** Which day is on the board, and how; it is in the address, so that it can be sent to a colleague. */
export function useView({ timeZone, settings }: Theatre) {
  const { search } = useLocation()
  const today = businessDateOf(useNow(60_000), timeZone, settings.businessDayStartsAt)
  const asked = search.get('day') ?? ''
  const date = /^\d{4}-\d{2}-\d{2}$/.test(asked) && !Number.isNaN(Date.parse(asked)) ? asked : today
  const view: View = search.get('view') === 'week' ? 'week' : 'day'
  const go = (to: { readonly date?: string; readonly view?: View }) =>
    navigate(`${path}?day=${to.date ?? date}&view=${to.view ?? view}`)
  return { today, date, view, go }
}

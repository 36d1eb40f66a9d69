import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Shift } from '../../contract/shifts.ts'
import { call } from '../api.ts'
import { readStored, writeStored } from '../ui/stored.ts'

const nameOf = (theatreId: string) => `shift.${theatreId}`

/** The open shift of this till; which one it is, the till remembers. */
export function useShift(theatreId: string) {
  const queries = useQueryClient()
  const [id, setId] = useState(() => readStored<string | null>(nameOf(theatreId), null))
  const { data } = useQuery({
    queryKey: ['counter', 'shift', id],
    enabled: id !== null,
    refetchInterval: 30_000,
    queryFn: ({ signal }) => call('readShift', { params: { id: id ?? '' }, signal }),
  })
  const take = (shift: Shift | null) => {
    writeStored(nameOf(theatreId), shift?.id ?? null)
    if (shift) queries.setQueryData(['counter', 'shift', shift.id], shift)
    setId(shift?.id ?? null)
  }
  const shift = id !== null && data?.status === 'open' ? data : null
  return { shift, take }
}

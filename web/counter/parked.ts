import { useState } from 'react'
import type { Parked } from './sale.ts'

export interface ParkedSale extends Parked {
  readonly id: string
  /** What the tile says. */
  readonly label: string
}

const nameOf = (theatreId: string) => `matinee.parked.${theatreId}`

function read(theatreId: string): readonly ParkedSale[] {
  try {
    return JSON.parse(sessionStorage.getItem(nameOf(theatreId)) ?? '[]')
  } catch {
    return []
  }
}

/** Sales that were put aside at this till; their seats are free meanwhile. */
export function useParked(theatreId: string) {
  const [parked, setParked] = useState(() => read(theatreId))
  const keep = (next: readonly ParkedSale[]) => {
    setParked(next)
    try {
      sessionStorage.setItem(nameOf(theatreId), JSON.stringify(next))
    } catch {
      // Without memory a reload forgets what was put aside.
    }
  }
  return {
    parked,
    park: (sale: Omit<ParkedSale, 'id'>) => keep([...parked, { ...sale, id: crypto.randomUUID() }]),
    take: (id: string) => keep(parked.filter((one) => one.id !== id)),
  }
}

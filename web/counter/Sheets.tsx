import type { ComponentProps } from 'react'
import type { Theatre } from '../../contract/venues.ts'
import { Details } from './Details.tsx'
import { KeysHelp } from './KeysHelp.tsx'
import { FindSheet } from './FindSheet.tsx'
import { ShiftSheet } from './ShiftSheet.tsx'
import type { useShift } from './use-shift.ts'
import type { Till } from './use-till.ts'

export type SheetName = 'details' | 'find' | 'shift' | 'help'

interface SheetsProps {
  readonly name: SheetName | null
  readonly close: () => void
  readonly till: Till
  readonly theatre: Theatre
  readonly shifts: ReturnType<typeof useShift>
  readonly keys: Omit<ComponentProps<typeof KeysHelp>, 'close'>
}

/** What is laid over the till for a moment. */
export function Sheets({ name, close, till, theatre, shifts, keys }: SheetsProps) {
  const { sale, show, act, hearBooking } = till
  if (name === 'help') return <KeysHelp {...keys} close={close} />
  if (name === 'shift') return <ShiftSheet theatre={theatre} {...shifts} close={close} />
  if (name === 'find')
    return <FindSheet theatre={theatre} close={close} pay={(booking) => act({ type: 'resume', booking })} />
  if (name !== 'details' || !show) return null
  return (
    <Details
      sale={sale}
      show={show}
      save={(details) => act({ type: 'details', details })}
      saved={hearBooking}
      close={close}
    />
  )
}

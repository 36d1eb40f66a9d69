import { lazy, Suspense } from 'react'
import type { ReactNode } from 'react'
import type { Listed } from '../catalogue/showtimes.ts'
import { PartWaiting } from '../ui/states.tsx'

/** Few showtimes have one. */
const WaitingRoom = lazy(async () => ({ default: (await import('./WaitingRoom.tsx')).WaitingRoom }))

interface BehindDoorProps {
  /** As `getShowtime` tells it: lists do not say who has a waiting room. */
  readonly showtime: Listed
  readonly children: ReactNode
}

/** What is for those alone whom the showtime's waiting room has let in, where it has one. */
export function BehindDoor({ showtime, children }: BehindDoorProps) {
  if (!showtime.waitingRoom) return children
  return (
    <Suspense fallback={<PartWaiting />}>
      <WaitingRoom showtime={showtime}>{children}</WaitingRoom>
    </Suspense>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { OnlyFor } from '../account/OnlyFor.tsx'
import { useWords } from '../messages/locale.tsx'
import { myTheatresQuery } from '../management/theatres.ts'
import { FailedPage, Waiting } from '../ui/states.tsx'
import { readStored, writeStored } from '../ui/stored.ts'
import { ToastProvider } from '../ui/toast.tsx'
import { useHouseWords } from '../ui/words/index.ts'
import { Till } from './Till.tsx'
import { useCounterWords } from './words/index.ts'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has no name
import '../styles/house.css'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has no name
import '../styles/desk.css'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has no name
import '../styles/counter.css'

/** `/counter`: a till for whoever works in a house. */
export function CounterRoom() {
  const { t } = useWords()
  return (
    <OnlyFor roles={['staff', 'owner', 'admin']} title={t('counter')}>
      {() => <Room />}
    </OnlyFor>
  )
}

function Room() {
  // Read here, so that no dialog waits for its words.
  useHouseWords()
  const { t } = useCounterWords()
  const { data: theatres, error, refetch } = useQuery(myTheatresQuery)
  const [kept, setKept] = useState(() => readStored('counter.theatre', ''))
  if (error) return <FailedPage error={error} retry={() => void refetch()} />
  if (!theatres) return <Waiting />
  const theatre = theatres.find(({ id }) => id === kept) ?? theatres[0]
  const choose = (id: string) => {
    writeStored('counter.theatre', id)
    setKept(id)
  }
  if (!theatre) {
    return (
      <div className="page py-16">
        <h1 className="marquee text-6xl">{t('counter')}</h1>
        <p className="mt-4 max-w-prose text-soft">{t('no_theatre')}</p>
      </div>
    )
  }
  return (
    <ToastProvider>
      <Till key={theatre.id} theatre={theatre} theatres={theatres} choose={choose} />
    </ToastProvider>
  )
}

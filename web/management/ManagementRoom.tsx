import { useQuery } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import type { Answer } from '../../contract/client.ts'
import type { Theatre } from '../../contract/venues.ts'
import { OnlyFor } from '../account/OnlyFor.tsx'
import { useWords } from '../messages/locale.tsx'
import { Boundary } from '../ui/Boundary.tsx'
import { readStored, writeStored } from '../ui/stored.ts'
import { FailedPage, NotFound, Waiting } from '../ui/states.tsx'
import { ToastProvider } from '../ui/toast.tsx'
import { useHouseWords } from '../ui/words/index.ts'
import { Redirect } from '../ui/router.tsx'
import { Navigation } from './Navigation.tsx'
import { OpenTheatre } from './OpenTheatre.tsx'
import { pages } from './pages.tsx'
import { myTheatresQuery } from './theatres.ts'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has no name
import '../styles/house.css'

/** `/manage`: one theatre at a time, its pages at the side. `id` is what follows in the address. */
export function ManagementRoom({ id }: { readonly id: string }) {
  const { t } = useWords()
  return (
    <OnlyFor roles={['owner', 'admin']} title={t('manage')}>
      {(me) => <Frame me={me} path={id} />}
    </OnlyFor>
  )
}

interface FrameProps {
  readonly me: Answer<'getMe'>
  readonly path: string
}

function Frame({ me, path }: FrameProps) {
  // Read here, so that no toast or dialog waits for its words, and blanks the page meanwhile.
  useHouseWords()
  const { data: theatres, error, refetch } = useQuery(myTheatresQuery)
  const [kept, setKept] = useState(() => readStored('manage.theatre', ''))
  if (error) return <FailedPage error={error} retry={() => void refetch()} />
  if (!theatres) return <Waiting />
  const theatre = theatres.find(({ id }) => id === kept) ?? theatres[0]
  const choose = (id: string) => {
    writeStored('manage.theatre', id)
    setKept(id)
  }
  return (
    <ToastProvider>
      <div className="house">
        <Navigation theatres={theatres} theatre={theatre} choose={choose} current={path.split('/')[0] ?? ''} />
        <div className="house-page">
          {theatre ? <Page key={theatre.id} theatre={theatre} me={me} path={path} /> : <OpenTheatre />}
        </div>
      </div>
    </ToastProvider>
  )
}

function Page({ theatre, me, path }: FrameProps & { readonly theatre: Theatre }) {
  const [name = '', ...rest] = path.split('/')
  if (name === '') return <Redirect to={`/manage/${pages[0]?.path ?? ''}`} />
  const found = pages.find((page) => page.path === name)
  if (!found) return <NotFound />
  const { page: Content } = found
  return (
    <Boundary key={name}>
      <Suspense fallback={<Waiting />}>
        <Content theatre={theatre} me={me} rest={rest.join('/')} />
      </Suspense>
    </Boundary>
  )
}

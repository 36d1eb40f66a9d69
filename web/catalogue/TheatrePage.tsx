import { useQuery } from '@tanstack/react-query'
import { call } from '../api.ts'
import { useWords } from '../messages/locale.tsx'
import { FailedPage, Waiting } from '../ui/states.tsx'
import { Programme } from './Programme.tsx'

/** A house: where it is, what it has, what it plays. */
export function TheatrePage({ id }: { readonly id: string }) {
  const { t, tOr } = useWords()
  const {
    data: theatre,
    error,
    refetch,
  } = useQuery({
    queryKey: ['theatre', id],
    queryFn: ({ signal }) => call('getTheatre', { params: { id }, signal }),
  })
  if (error && !theatre) return <FailedPage error={error} retry={() => void refetch()} />
  if (!theatre) return <Waiting />
  const address = [theatre.address, [theatre.postcode, theatre.city].filter(Boolean).join(' ')].filter(Boolean)
  return (
    <>
      <title>{theatre.name}</title>
      <div className="page grid gap-5 pt-8 pb-6 sm:pt-12">
        <h1 className="marquee text-[clamp(3rem,10vw,8rem)]">{theatre.name}</h1>
        <div className="flex flex-wrap gap-x-8 gap-y-2">
          <address className="not-italic">{address.join(', ')}</address>
          {theatre.phone !== null && (
            <a className="quiet-link" href={`tel:${theatre.phone.replaceAll(/[^+\d]/g, '')}`}>
              {theatre.phone}
            </a>
          )}
          {theatre.latitude !== null && theatre.longitude !== null && (
            <a className="quiet-link" href={`geo:${theatre.latitude},${theatre.longitude}`}>
              {t('the_way_there')}
            </a>
          )}
        </div>
        {theatre.amenities.length > 0 && (
          <ul className="flex flex-wrap gap-2">
            {theatre.amenities.map((amenity) => (
              <li key={amenity} className="rounded-full border border-line px-3 py-1 text-sm text-soft">
                {tOr(`amenity_${amenity}`, amenity.replaceAll('_', ' '))}
              </li>
            ))}
          </ul>
        )}
      </div>
      <Programme theatreId={id} />
    </>
  )
}

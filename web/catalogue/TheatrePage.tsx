import { useQuery } from '@tanstack/react-query'
import { call } from '../api.ts'
import { useWords } from '../messages/locale.tsx'
import { useNow } from '../ui/now.ts'
import { FailedPage, Waiting } from '../ui/states.tsx'
import { TheatreLogo } from '../ui/TheatreLogo.tsx'
import { useBrand } from '../ui/use-brand.ts'
import { WayThere } from '../ui/WayThere.tsx'
import { businessDateOf } from '../ui/zone.ts'
import { Programme } from './Programme.tsx'

/** A house: where it is, what it has, what it plays. */
export function TheatrePage({ id }: { readonly id: string }) {
  const { tOr } = useWords()
  const now = useNow(60_000)
  const {
    data: theatre,
    error,
    refetch,
  } = useQuery({
    queryKey: ['theatre', id],
    queryFn: ({ signal }) => call('getTheatre', { params: { id }, signal }),
  })
  useBrand(theatre?.settings.brand)
  if (error && !theatre) return <FailedPage error={error} retry={() => void refetch()} />
  if (!theatre) return <Waiting />
  return (
    <>
      <title>{theatre.name}</title>
      <div className="page grid gap-5 pt-8 pb-6 sm:pt-12">
        <TheatreLogo theatre={theatre} />
        <h1 className="marquee text-[clamp(3rem,10vw,8rem)]">{theatre.name}</h1>
        <WayThere theatre={theatre} />
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
      <Programme theatreId={id} today={businessDateOf(now, theatre.timeZone, theatre.settings.businessDayStartsAt)} />
    </>
  )
}

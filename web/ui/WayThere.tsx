import type { Theatre } from '../../contract/venues.ts'
import { useWords } from '../messages/locale.tsx'

/** Where a house stands, and a way there: in the phone's own maps where it has such a link, else on a map in the browser. */
export function WayThere({ theatre }: { readonly theatre: Theatre }) {
  const { t } = useWords()
  const { latitude, longitude, name, address, postcode, city, phone } = theatre
  // Many an address names its town already.
  const town = [postcode, city].filter((part) => part && !address?.includes(part))
  const lines = [address, town.join(' ')].filter(Boolean)
  return (
    <div className="flex flex-wrap items-center gap-x-8 gap-y-1">
      <address className="not-italic">{lines.join(', ')}</address>
      {latitude !== null && longitude !== null && (
        <a
          className="quiet-link inline-grid min-h-11 items-center"
          href={mapLink(latitude, longitude, name)}
          rel="noreferrer"
          target="_blank"
        >
          {t('the_way_there')}
        </a>
      )}
      {phone !== null && (
        <a className="quiet-link inline-grid min-h-11 items-center" href={`tel:${phone.replaceAll(/[^+\d]/g, '')}`}>
          {phone}
        </a>
      )}
    </div>
  )
}

function mapLink(latitude: number, longitude: number, name: string): string {
  const point = `${latitude},${longitude}`
  // Android asks which of its maps; others know no such address.
  if (/Android/.test(navigator.userAgent)) return `geo:${point}?q=${point}(${encodeURIComponent(name)})`
  return `https://www.openstreetmap.org/directions?to=${encodeURIComponent(point)}`
}

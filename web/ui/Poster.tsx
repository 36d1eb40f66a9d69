import type { Movie } from '../../contract/catalogue.ts'
import { drawArt } from './poster-art.tsx'

type Film = Pick<Movie, 'title' | 'posterUrl' | 'genres' | 'directors'>

/** A film's poster; a film without one gets a screen print in two inks, its own for ever. Decoration: the title stands beside it. */
export function Poster({ film, eager = false, className = '' }: { film: Film; eager?: boolean; className?: string }) {
  const uploaded = /^(\/media\/posters\/\w+)\/720\.jpg$/.exec(film.posterUrl)?.[1]
  const loading = eager ? 'eager' : 'lazy'
  if (uploaded !== undefined) {
    const set = (type: string) => [180, 360, 720].map((width) => `${uploaded}/${width}.${type} ${width}w`).join(', ')
    return (
      <div className={`poster ${className}`}>
        <picture>
          <source type="image/avif" srcSet={set('avif')} sizes="(min-width: 48rem) 14rem, 6rem" />
          <source type="image/webp" srcSet={set('webp')} sizes="(min-width: 48rem) 14rem, 6rem" />
          <img src={film.posterUrl} alt="" loading={loading} width={720} height={1080} />
        </picture>
      </div>
    )
  }
  const isDrawn = film.posterUrl.startsWith('/media/posters/drawn/') || !film.posterUrl.startsWith('/')
  if (!isDrawn) {
    return (
      <div className={`poster ${className}`}>
        <img src={film.posterUrl} alt="" loading={loading} width={720} height={1080} />
      </div>
    )
  }
  const { picture, ink } = drawArt(film.title, film.genres)
  return (
    <div className={`poster ${className}`} aria-hidden="true">
      {picture}
      <span className="poster-credit" style={{ color: ink }}>
        {film.directors[0]}
      </span>
      <span className="poster-title" style={{ color: ink, fontSize: `${titleSize(film.title)}cqw` }}>
        {film.title}
      </span>
    </div>
  )
}

const widthShare = 86
const heightShare = 46
/** Of the condensed capitals, in parts of their size: a little more than they measure. */
const letterShare = 0.53
const lineShare = 0.9

/** The largest size, in hundredths of the poster's width, at which no word breaks and the title keeps to the lower part. */
function titleSize(title: string): number {
  const words = title.split(/\s+/)
  for (let size = 27; size > 8; size -= 0.5) {
    const perLine = Math.floor(widthShare / (size * letterShare))
    let lines = 1
    let used = 0
    for (const word of words) {
      if (used > 0 && used + 1 + word.length > perLine) {
        lines += 1
        used = 0
      }
      used += word.length + (used > 0 ? 1 : 0)
    }
    const fits = words.every((word) => word.length <= perLine)
    if (fits && lines * size * lineShare <= heightShare) return size
  }
  return 8
}

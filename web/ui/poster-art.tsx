import type { ReactNode } from 'react'

interface Inks {
  readonly paper: string
  readonly first: string
  readonly second: string
  /** The letters. */
  readonly ink: string
}

/** Two inks on a paper, as a small press would mix them. */
const inkwells: readonly Inks[] = [
  { paper: '#f2e3c6', first: '#e8503a', second: '#0f6d6a', ink: '#10221f' },
  { paper: '#0e2a38', first: '#f4b942', second: '#2f8f9d', ink: '#fdf3da' },
  { paper: '#f0c9c0', first: '#b3261e', second: '#24375e', ink: '#1a1a33' },
  { paper: '#1c1430', first: '#ef5da8', second: '#5b53c9', ink: '#fbeefa' },
  { paper: '#d9e7d3', first: '#2f7a4d', second: '#e0762f', ink: '#12291c' },
  { paper: '#2b0f12', first: '#e5382c', second: '#8a1c2b', ink: '#ffe9df' },
  { paper: '#cfe3ea', first: '#1f5fa6', second: '#f0573f', ink: '#0c2038' },
  { paper: '#132019', first: '#9bd45f', second: '#2c7d67', ink: '#f1f8e2' },
  { paper: '#f6d268', first: '#d5402b', second: '#1d5b74', ink: '#26180b' },
]

/** FNV-1a: a title has one look, on every machine. */
function seedOf(text: string): number {
  let hash = 0x811c9dc5
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193)
  return hash >>> 0
}

/** Numbers from 0 to 1 in a fixed order (mulberry32). */
function numbersFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
  }
}

type Draw = (inks: Inks, next: () => number) => ReactNode

const orbits: Draw = ({ first, second }, next) => {
  const x = 60 + next() * 80
  return (
    <>
      <circle cx={x} cy="96" r="74" fill={second} />
      <circle cx={x - 26} cy="80" r="74" fill="none" stroke={first} strokeWidth="2" />
      <circle cx={x - 26} cy="80" r="98" fill="none" stroke={first} strokeWidth="1" />
      <circle cx={x + 40} cy="64" r="13" fill={first} />
    </>
  )
}
const doorway: Draw = ({ first, second }, next) => {
  const x = 62 + next() * 40
  return (
    <>
      {[0, 1, 2, 3, 4, 5, 6].map((bar) => (
        <rect key={bar} x={bar * 30 + 4} y="0" width="14" height="190" fill={second} />
      ))}
      <path d={`M${x} 190V62h46v128l34 60H${x - 30}z`} fill={first} />
    </>
  )
}
const balloons: Draw = ({ first, second }, next) => (
  <>
    {[0, 1, 2, 3, 4].map((one) => {
      const x = 24 + one * 38
      const y = 44 + next() * 66
      return (
        <g key={one}>
          <path d={`M${x} ${y + 24}Q${x + 8} 150 100 200`} stroke={first} fill="none" strokeWidth="1.2" />
          <ellipse cx={x} cy={y} rx="19" ry="23" fill={one % 2 === 0 ? first : second} />
        </g>
      )
    })}
  </>
)
const grins: Draw = ({ first, second }, next) => {
  const turn = Math.floor(next() * 4)
  return (
    <>
      {Array.from({ length: 12 }, (_, index) => {
        const x = (index % 3) * 66 + 34
        const y = Math.floor(index / 3) * 50 + 26
        return (
          <path
            key={index}
            d="M-25 0a25 25 0 0 0 50 0z"
            transform={`translate(${x} ${y}) rotate(${((index * 3 + turn) % 4) * 90})`}
            fill={index % 2 === 0 ? first : second}
          />
        )
      })}
    </>
  )
}
const headlights: Draw = ({ first, second }, next) => {
  const y = 70 + next() * 40
  return (
    <>
      <path d={`M-10 ${y}L210 ${y - 74}V${y + 100}z`} fill={second} />
      <path d={`M-10 ${y + 4}L210 ${y + 10}V${y + 62}z`} fill={first} />
      <circle cx="18" cy={y} r="15" fill={first} />
    </>
  )
}
const rings: Draw = ({ first, second }, next) => {
  const x = 40 + next() * 120
  return (
    <>
      {[150, 122, 94, 66, 38].map((radius, index) => (
        <circle key={radius} cx={x} cy="92" r={radius} fill={index % 2 === 0 ? second : first} />
      ))}
    </>
  )
}
const lighthouse: Draw = ({ first, second }, next) => {
  const x = 50 + next() * 90
  return (
    <>
      <path d={`M${x} 62L-40 6v74z`} fill={first} />
      <path d={`M${x} 62L240 18v112z`} fill={first} />
      <path d={`M${x - 13} 190L${x - 8} 72h16l5 118z`} fill={second} />
      <circle cx={x} cy="62" r="11" fill={second} />
      <path d="M0 176q25-14 50 0t50 0 50 0 50 0v30H0z" fill={second} />
    </>
  )
}
const eclipse: Draw = ({ paper, first, second }, next) => {
  const shift = 22 + next() * 22
  return (
    <g className={paper < '#8' ? 'mix-blend-screen' : 'mix-blend-multiply'}>
      <circle cx={100 - shift} cy="92" r="62" fill={first} />
      <circle cx={100 + shift} cy="92" r="62" fill={second} fillOpacity="0.85" />
    </g>
  )
}
const stairs: Draw = ({ first, second }, next) => {
  const moon = 40 + next() * 60
  return (
    <>
      <circle cx={moon} cy="58" r="36" fill={first} />
      {[0, 1, 2, 3, 4, 5].map((step) => (
        <rect key={step} x={40 + step * 28} y={176 - step * 24} width="140" height="140" fill={second} />
      ))}
    </>
  )
}

const byGenre: Readonly<Record<string, Draw>> = {
  science_fiction: orbits,
  horror: doorway,
  animation: balloons,
  family: grins,
  comedy: grins,
  thriller: headlights,
  crime: headlights,
  documentary: rings,
  drama: lighthouse,
  mystery: lighthouse,
  romance: eclipse,
  history: eclipse,
  fantasy: stairs,
  adventure: stairs,
  classic: rings,
  war: headlights,
  music: rings,
}
const all: readonly Draw[] = [orbits, doorway, balloons, grins, headlights, rings, lighthouse, eclipse, stairs]

/** The picture for a title: what it shows comes from the genre, the inks and the places from the title. */
export function drawArt(title: string, genres: readonly string[]): { picture: ReactNode; ink: string } {
  const seed = seedOf(title)
  const inks = inkwells[seed % inkwells.length] ?? { paper: '#222', first: '#888', second: '#555', ink: '#fff' }
  const wanted = genres.map((genre) => byGenre[genre]).find((draw) => draw !== undefined)
  const draw = wanted ?? all[seed % all.length] ?? rings
  const picture = (
    <svg viewBox="0 0 200 300" preserveAspectRatio="xMidYMid slice" role="presentation">
      <rect width="200" height="300" fill={inks.paper} />
      <g transform="translate(0 8)">{draw(inks, numbersFrom(seed))}</g>
      <rect width="200" height="27" fill={inks.paper} />
      <rect y="190" width="200" height="110" fill={inks.paper} />
    </svg>
  )
  return { picture, ink: inks.ink }
}

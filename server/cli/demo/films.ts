import type { Audience } from './theatres.ts'

export interface DemoFilm {
  readonly key: string
  readonly title: string
  readonly originalTitle?: string
  readonly year: number
  readonly overview: string
  readonly runtimeMinutes: number
  readonly genres: readonly string[]
  readonly certification: string
  readonly certifications: readonly { readonly country: string; readonly label: string; readonly minimumAge: number }[]
  readonly originalLanguage: string
  readonly directors: readonly string[]
  readonly cast: readonly string[]
  readonly distributor: string
  /** Days from the day of seeding to its release; above zero it is coming soon. */
  readonly releasedAfterDays: number
  /** The slots it may play in; none while it is coming soon. */
  readonly audiences: readonly Audience[]
  readonly formats: readonly ('2d' | '3d')[]
}

type Label = readonly [label: string, minimumAge: number]

function rated([british, britishAge]: Label, germanAge: number): Pick<DemoFilm, 'certification' | 'certifications'> {
  return {
    certification: british,
    certifications: [
      { country: 'GB', label: british, minimumAge: britishAge },
      { country: 'DE', label: `FSK ${germanAge}`, minimumAge: germanAge },
    ],
  }
}

/** A dozen films that nobody has made: every title and name is invented. */
export const demoFilms: readonly DemoFilm[] = [
  {
    key: 'demo-lighthouse-arithmetic',
    title: 'The Lighthouse Keeper’s Arithmetic',
    year: 2026,
    overview:
      'The last keeper of a Hebridean light has counted every ship for thirty years. When one night the sums do not come out, a young inspector has until the spring tide to find the vessel that nobody else believes was there.',
    runtimeMinutes: 118,
    genres: ['drama', 'mystery'],
    ...rated(['12A', 12], 6),
    originalLanguage: 'en',
    directors: ['Isla Farquharson-Bright'],
    cast: ['Duncan Ailsaverne', 'Priya Wetherhouse', 'Moira Kinnaskie'],
    distributor: 'Tidewrack Pictures',
    releasedAfterDays: -12,
    audiences: ['afternoon', 'evening'],
    formats: ['2d'],
  },
  {
    key: 'demo-otto-balloon',
    title: 'Otto and the Thirteenth Balloon',
    year: 2026,
    overview:
      'Otto, a hedgehog with a fear of heights, wins twelve balloons at the harvest fair and is given one too many. Where the wind puts him down, the animals have never seen the ground.',
    runtimeMinutes: 88,
    genres: ['animation', 'family', 'adventure'],
    ...rated(['U', 0], 0),
    originalLanguage: 'en',
    directors: ['Wilhelmina Oakhanger'],
    cast: ['Teddy Marchbanks-Liu', 'Orla Penhallick'],
    distributor: 'Papermoon Family',
    releasedAfterDays: -26,
    audiences: ['family'],
    formats: ['2d', '3d'],
  },
  {
    key: 'demo-perihelion-station',
    title: 'Perihelion Station',
    year: 2026,
    overview:
      'Four people keep a relay alive inside the orbit of Mercury. On day 1,117 a fifth voice answers the roll call, and it knows the names of their children.',
    runtimeMinutes: 141,
    genres: ['science_fiction', 'thriller'],
    ...rated(['12A', 12], 12),
    originalLanguage: 'en',
    directors: ['Ayodele Brandt-Castellan'],
    cast: ['Mireille Osafo', 'Jonah Strandvik', 'Kavita Llewellin', 'Tomasz Ferrowicz'],
    distributor: 'Meridian & Vale',
    releasedAfterDays: -5,
    audiences: ['evening'],
    formats: ['2d', '3d'],
  },
  {
    key: 'demo-night-bus',
    title: 'Night Bus to Kingsmere',
    year: 2025,
    overview:
      'The N94 leaves at ten past one with eleven passengers and arrives with twelve. Told in one journey, stop by stop, by the driver who has to work out which of them got on between stations.',
    runtimeMinutes: 104,
    genres: ['thriller', 'crime'],
    ...rated(['15', 15], 16),
    originalLanguage: 'en',
    directors: ['Callum Obuya-Rhys'],
    cast: ['Bernadette Achterberg', 'Sam Okonjo-Pryce', 'Lil Hathersedge'],
    distributor: 'Sodium Lamp Films',
    releasedAfterDays: -19,
    audiences: ['evening', 'late'],
    formats: ['2d'],
  },
  {
    key: 'demo-understudies',
    title: 'The Understudies',
    year: 2026,
    overview:
      'When the entire cast of a West End farce is stuck in one lift, the people who sell the ice cream go on. They are terrible. They are sold out until March.',
    runtimeMinutes: 97,
    genres: ['comedy'],
    ...rated(['PG', 8], 6),
    originalLanguage: 'en',
    directors: ['Rosalind Tuffnell-Adeyemi'],
    cast: ['Gwendoline Sparshott', 'Mo Tarrant', 'Felix Umberleigh'],
    distributor: 'Tidewrack Pictures',
    releasedAfterDays: -33,
    audiences: ['afternoon', 'evening'],
    formats: ['2d'],
  },
  {
    key: 'demo-mademoiselle-courant',
    title: 'Mademoiselle Courant',
    originalTitle: 'Mademoiselle Courant',
    year: 2025,
    overview:
      'Lyon, 1899. A clockmaker’s daughter brings electric light to one street, and then has to explain it to the other one. A comedy of manners, switches and fuses.',
    runtimeMinutes: 112,
    genres: ['comedy', 'history', 'romance'],
    ...rated(['PG', 8], 0),
    originalLanguage: 'fr',
    directors: ['Apolline Vauquerel'],
    cast: ['Sidonie Marchelidon', 'Bastien Ory-Lacombe', 'Hortense Quillivic'],
    distributor: 'Passage Couvert',
    releasedAfterDays: -40,
    audiences: ['afternoon', 'evening'],
    formats: ['2d'],
  },
  {
    key: 'demo-cellar-kept',
    title: 'What the Cellar Kept',
    year: 2026,
    overview:
      'A family buys a house with one room fewer than the plans say. The estate agent stops answering. The wall, in the end, does not.',
    runtimeMinutes: 99,
    genres: ['horror'],
    ...rated(['18', 18], 16),
    originalLanguage: 'en',
    directors: ['Verity Moorcastle'],
    cast: ['Hal Dunwoodie', 'Ines Barracloughe', 'Mabel Strick'],
    distributor: 'Sodium Lamp Films',
    releasedAfterDays: -8,
    audiences: ['late'],
    formats: ['2d'],
  },
  {
    key: 'demo-eleven-women',
    title: 'Eleven Women, One Bell',
    year: 2025,
    overview:
      'In a valley in the Bergisches Land a foundry casts its last great bell, and for the first time in four centuries no man is in the pit. A documentary about heat, patience and a single note.',
    runtimeMinutes: 83,
    genres: ['documentary'],
    ...rated(['U', 0], 0),
    originalLanguage: 'de',
    directors: ['Henrike Solbachtal'],
    cast: [],
    distributor: 'Lichtspur Verleih',
    releasedAfterDays: -15,
    audiences: ['afternoon'],
    formats: ['2d'],
  },
  {
    key: 'demo-marmalade-heist',
    title: 'The Great Marmalade Heist',
    year: 2026,
    overview:
      'Three cousins, one grandmother and the most closely guarded breakfast in Seville. Somebody has to bring the recipe home before the school holidays end.',
    runtimeMinutes: 102,
    genres: ['family', 'comedy', 'crime'],
    ...rated(['PG', 8], 6),
    originalLanguage: 'en',
    directors: ['Paloma Thistlewick'],
    cast: ['Dorothea Villalonga', 'Archie Penrose-Mbeki', 'Nell Arkenstall'],
    distributor: 'Papermoon Family',
    releasedAfterDays: -2,
    audiences: ['family', 'afternoon'],
    formats: ['2d'],
  },
  {
    key: 'demo-ten-past-midnight',
    title: 'Ten Past Midnight at the Alhambra',
    year: 1957,
    overview:
      'The projectionist of a closing cinema runs one last reel and the people on the screen ask him for directions. A lost studio picture of the fifties, restored from the only surviving print.',
    runtimeMinutes: 91,
    genres: ['fantasy', 'classic'],
    ...rated(['PG', 8], 12),
    originalLanguage: 'en',
    directors: ['Leopold Harkaway'],
    cast: ['Constance Merrivale-Dane', 'Rex Follansby'],
    distributor: 'Second Reel Restorations',
    releasedAfterDays: -54,
    audiences: ['late', 'evening'],
    formats: ['2d'],
  },
  {
    key: 'demo-cartographers-daughter',
    title: 'The Cartographer’s Daughter and the Moving Isle',
    year: 2027,
    overview: 'An island that changes its coast every night has never been mapped twice. She intends to be the second.',
    runtimeMinutes: 129,
    genres: ['adventure', 'fantasy'],
    ...rated(['12A', 12], 12),
    originalLanguage: 'en',
    directors: ['Isla Farquharson-Bright'],
    cast: ['Kavita Llewellin', 'Duncan Ailsaverne'],
    distributor: 'Meridian & Vale',
    releasedAfterDays: 24,
    audiences: [],
    formats: ['2d', '3d'],
  },
  {
    key: 'demo-halbe-treppe-mond',
    title: 'Half a Stair to the Moon',
    originalTitle: 'Eine halbe Treppe bis zum Mond',
    year: 2027,
    overview:
      'Two neighbours in a Neukölln tenement share a landing, a telescope and, since February, a wall with a hole in it. A love story in fourteen nights.',
    runtimeMinutes: 108,
    genres: ['romance', 'drama'],
    ...rated(['12A', 12], 6),
    originalLanguage: 'de',
    directors: ['Henrike Solbachtal'],
    cast: ['Levin Aksoytal', 'Johanna Griebenow-Iwu'],
    distributor: 'Lichtspur Verleih',
    releasedAfterDays: 38,
    audiences: [],
    formats: ['2d'],
  },
]

import type { LayoutInput } from '../../../contract/layouts.ts'
import { drawnLayout } from './plan.ts'

export type TicketType = 'adult' | 'child' | 'student' | 'senior'

/** Minor units, by ticket type. */
export type Tariff = Readonly<Record<TicketType, number>>

/** What a hall shows when: the pool of films a slot draws from. */
export type Audience = 'family' | 'afternoon' | 'evening' | 'late'

export interface Slot {
  /** Earliest start on the theatre's wall clock; `24:15` is a quarter past midnight of the same evening. */
  readonly from: string
  readonly audience: Audience
  /** Days of the week (1 is Monday); every day where silent. */
  readonly days?: readonly number[]
}

export interface DemoHall {
  readonly key: string
  readonly name: string
  readonly turnaroundMinutes: number
  readonly layout: LayoutInput
  readonly slots: readonly Slot[]
  /** By seat category: before five o'clock, and from then on. */
  readonly tariffs: Readonly<Record<string, { readonly matinee: Tariff; readonly evening: Tariff }>>
}

export interface DemoTheatre {
  readonly key: string
  readonly name: string
  readonly city: string
  readonly country: string
  readonly address: string
  readonly postcode: string
  readonly latitude: number
  readonly longitude: number
  readonly timeZone: string
  readonly currency: string
  readonly phone: string
  readonly amenities: readonly string[]
  /** What the audience reads: films in other languages carry subtitles in it. */
  readonly language: string
  readonly halls: readonly DemoHall[]
}

function tariff(adult: number, child: number, student: number, senior: number): Tariff {
  return { adult, child, student, senior }
}

const weekend = [5, 6]

const grandHall: DemoHall = {
  key: 'demo-lantern-grand',
  name: 'Grand Hall',
  turnaroundMinutes: 20,
  layout: drawnLayout(
    `
A  ..rss..ssssssssss..ssr..
B  .rsss..ssssssssss..sssr.
C  .ssss.ssssssssssss.ssss.
D  sssss.ssssssssssss.sssss
E  sssss.ssppppppppss.sssss
F  sssss.ssppppppppss.sssss
G  sssss.ssppppppppss.sssss

H  wc.wc.pppppppppppp.cw.cw
J  sssss.pppppppppppp.sssss
K  sssss.pppppppppppp.sssss
L  sssss.ssssssssssss.sssss
M  .ssss.ssssssssssss.ssss.
N  ..sss.ssssssssssss.sss..

P  .oo...oo.oo..oo.oo...oo.
`,
    { numberedFrom: 'left' },
  ),
  slots: [
    { from: '10:45', audience: 'family' },
    { from: '13:30', audience: 'afternoon' },
    { from: '16:45', audience: 'evening' },
    { from: '20:00', audience: 'evening' },
    { from: '24:15', audience: 'late', days: weekend },
  ],
  tariffs: {
    standard: { matinee: tariff(950, 650, 800, 800), evening: tariff(1250, 850, 1050, 1100) },
    premium: { matinee: tariff(1150, 850, 1000, 1000), evening: tariff(1550, 1150, 1350, 1400) },
    sofa: { matinee: tariff(1400, 1400, 1400, 1400), evening: tariff(1850, 1850, 1850, 1850) },
  },
}

const studio: DemoHall = {
  key: 'demo-lantern-studio',
  name: 'Studio',
  turnaroundMinutes: 15,
  layout: drawnLayout(
    `
A  .sssss.s.
B  ssssss.ss
C  ssssss.ss
D  ssssss.wc
E  ssssss.ss
F  ssssss.ss
G  sssssssss
`,
    { numberedFrom: 'left' },
  ),
  slots: [
    { from: '12:15', audience: 'afternoon' },
    { from: '15:20', audience: 'afternoon' },
    { from: '18:30', audience: 'evening' },
    { from: '21:30', audience: 'late', days: [4, 5, 6] },
  ],
  tariffs: {
    standard: { matinee: tariff(900, 600, 750, 750), evening: tariff(1150, 800, 950, 1000) },
  },
}

// Rows count from the back and seats from the right, as in many houses: nothing may be read off a letter.
const grosserSaal: DemoHall = {
  key: 'demo-morgenrot-saal',
  name: 'Großer Saal',
  turnaroundMinutes: 15,
  layout: drawnLayout(
    `
M  ....ssssssss....
L  ...ssssssssss...
K  ..ssssssssssss..
J  .ssssssssssssss.
H  .ssssssssssssss.
G  ssssssssssssssss

F  wc.ssssssssss.cw
E  sssppppppppppsss
D  sssppppppppppsss
C  sssppppppppppsss
B  ssssssssssssssss
A  .oo.oo.oo.oo.oo.
`,
    { numberedFrom: 'right' },
  ),
  slots: [
    { from: '11:00', audience: 'family', days: [3, 6, 7] },
    { from: '14:15', audience: 'afternoon' },
    { from: '17:15', audience: 'evening' },
    { from: '20:15', audience: 'evening' },
    { from: '23:15', audience: 'late', days: weekend },
  ],
  tariffs: {
    standard: { matinee: tariff(850, 600, 700, 750), evening: tariff(1150, 750, 950, 1000) },
    premium: { matinee: tariff(1000, 750, 850, 900), evening: tariff(1350, 950, 1150, 1200) },
    sofa: { matinee: tariff(1300, 1300, 1300, 1300), evening: tariff(1600, 1600, 1600, 1600) },
  },
}

const werkstatt: DemoHall = {
  key: 'demo-morgenrot-werkstatt',
  name: 'Werkstatt',
  turnaroundMinutes: 30,
  layout: { seating: 'general', capacity: 60 },
  slots: [
    { from: '16:00', audience: 'afternoon', days: [6, 7] },
    { from: '19:00', audience: 'evening' },
    { from: '22:00', audience: 'late', days: [4, 5, 6] },
  ],
  tariffs: {
    standard: { matinee: tariff(700, 500, 600, 600), evening: tariff(900, 600, 700, 800) },
  },
}

/** The demo's houses: invented, in two time zones and two currencies. */
export const demoTheatres: readonly DemoTheatre[] = [
  {
    key: 'demo-lantern',
    name: 'Lantern Picture House',
    city: 'Bristol',
    country: 'GB',
    address: '14 Chandlers Row',
    postcode: 'BS1 6ZZ',
    latitude: 51.4502,
    longitude: -2.5986,
    timeZone: 'Europe/London',
    currency: 'GBP',
    phone: '+44 117 496 0142',
    amenities: ['bar', 'step_free_access', 'hearing_loop', 'bicycle_stands'],
    language: 'en',
    halls: [grandHall, studio],
  },
  {
    key: 'demo-morgenrot',
    name: 'Kino Morgenrot',
    city: 'Berlin',
    country: 'DE',
    address: 'Schlossergasse 7',
    postcode: '10999',
    latitude: 52.4985,
    longitude: 13.4241,
    timeZone: 'Europe/Berlin',
    currency: 'EUR',
    phone: '+49 30 23125 042',
    amenities: ['bar', 'step_free_access', 'air_conditioning'],
    language: 'de',
    halls: [grosserSaal, werkstatt],
  },
]

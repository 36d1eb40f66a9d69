export interface TheatreRow {
  id: string
  externalKey: string | null
  name: string
  nameFolded: string
  city: string
  cityFolded: string
  country: string | null
  address: string | null
  postcode: string | null
  latitude: number | null
  longitude: number | null
  timeZone: string
  currency: string
  phone: string | null
  /** JSON: `string[]` */
  amenities: string
  ownerId: string | null
  /** JSON: the settings that differ from the defaults; read with `settingsOf`. */
  settings: string
  searchText: string
  revision: number
  createdAt: number
  updatedAt: number
}

export interface TheatreStaffRow {
  theatreId: string
  userId: string
  createdAt: number
}

export interface StaffInvitationRow {
  theatreId: string
  emailFolded: string
  email: string
  invitedBy: string | null
  createdAt: number
}

export interface AuditoriumRow {
  id: string
  externalKey: string | null
  theatreId: string
  name: string
  nameFolded: string
  /** Null: the theatre's. */
  turnaroundMinutes: number | null
  /** The newest version in `layouts`; they are numbered from 1 without gaps. */
  layoutVersion: number
  seating: 'reserved' | 'general'
  capacity: number
  revision: number
  createdAt: number
  updatedAt: number
}

/** Never changed once written: what was sold keeps its seats. */
export interface LayoutRow {
  auditoriumId: string
  version: number
  seating: 'reserved' | 'general'
  capacity: number
  /** JSON, in the form that `parseLayout` gives. */
  layout: string
  createdAt: number
}

export interface OutOfOrderSeatRow {
  auditoriumId: string
  seatId: string
  reason: string
  untilAt: number | null
  createdBy: string | null
  createdAt: number
}

export interface VenueTables {
  theatres: TheatreRow
  theatreStaff: TheatreStaffRow
  staffInvitations: StaffInvitationRow
  auditoriums: AuditoriumRow
  layouts: LayoutRow
  outOfOrderSeats: OutOfOrderSeatRow
}

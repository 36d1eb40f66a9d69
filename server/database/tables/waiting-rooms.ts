export interface WaitingRoomRow {
  showtimeId: string
  opensAt: number
  admitPerMinute: number
  admittedAtOnce: number
  admissionSeconds: number
  /** 32 bytes in hexadecimal, sealed under `SECRET`: whoever reads the database does not know the draw. */
  sealedSeed: string
  seedHash: string
  drawnAt: number | null
  /** The last place that was given out; before the draw, how many have joined. */
  lastPlace: number
  /** Everybody up to this place has been admitted. */
  admittedThrough: number
}

export interface WaitingEntryRow {
  id: string
  showtimeId: string
  /** Whom it counts as: an account (`usr_…`) or a guest's cookie (`guest:…`). */
  client: string
  address: string
  joinedAt: number
  /** HMAC-SHA-256 of the id under the seed, in hexadecimal. */
  lot: string
  /** As it was drawn; null for those who came later. */
  drawnPlace: number | null
  /** In the queue; null before the draw. */
  place: number | null
  admittedAt: number | null
  admissionEndsAt: number | null
}

export interface WaitingRoomTables {
  waitingRooms: WaitingRoomRow
  waitingEntries: WaitingEntryRow
}

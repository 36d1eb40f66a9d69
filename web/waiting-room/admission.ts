const admissions = new Map<string, string>()

/** Keeps what lets this browser hold seats of a showtime; the server tells it again after a reload. */
export function keepAdmission(showtimeId: string, token: string | undefined): void {
  if (token === undefined) admissions.delete(showtimeId)
  else admissions.set(showtimeId, token)
}

export function admissionTo(showtimeId: string): string | undefined {
  return admissions.get(showtimeId)
}

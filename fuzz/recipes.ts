/** Members that make sense together, where the shape alone allows combinations that mean nothing: one row is drawn. */
export const recipes: Readonly<Record<string, readonly (readonly string[])[]>> = {
  createBooking: [
    ['holdId', 'customer'],
    ['showtimeId', 'seats', 'customer'],
    ['showtimeId', 'seats', 'customer', 'tickets'],
    ['showtimeId', 'count', 'customer'],
    ['showtimeId', 'seats', 'customer', 'promoCode'],
    ['showtimeId', 'seats', 'customer', 'voucherCode'],
  ],
  exchangeBooking: [
    ['showtimeId', 'seats'],
    ['showtimeId', 'count'],
    ['showtimeId', 'seats', 'dryRun'],
  ],
  createPayment: [
    ['bookingId', 'provider'],
    ['bookingId', 'provider'],
    ['bookingId', 'provider', 'tender'],
    ['bookingId', 'provider', 'tender', 'amount'],
    ['bookingId', 'provider', 'tender', 'voucherCode'],
    ['bookingId', 'provider', 'tender', 'shiftId'],
  ],
  refundPayment: [[], ['amount'], ['amount', 'reason']],
  cancelBooking: [[], ['reason'], ['tickets']],
  payOutBooking: [[], ['shiftId'], ['refunds']],
  checkIn: [['code'], ['code', 'showtimeId'], ['ticketId'], ['bookingId'], ['bookingId', 'admit']],
  createShowtime: [
    ['movieId', 'auditoriumId', 'startsAt', 'basePrice'],
    ['movieId', 'auditoriumId', 'startsAt', 'priceListId'],
    ['movieId', 'auditoriumId', 'startsAt', 'prices', 'status'],
  ],
  createTheatre: [['name', 'city', 'timeZone', 'currency']],
  createPromotion: [
    ['code', 'percentOff'],
    ['code', 'amountOff'],
    ['code', 'percentOff', 'maxUses'],
  ],
  login: [
    ['email', 'password'],
    ['email', 'password', 'session'],
    ['email', 'password', 'code'],
  ],
  register: [
    ['email', 'password', 'name'],
    ['email', 'password', 'name', 'role'],
  ],
}

/** What ends a caller or a house: asked rarely, or nothing would be left to ask about. */
export const fatal =
  /^(deleteMe|logout|changePassword|deleteSession|deleteStaff|updateUser|deleteTheatre|deleteShowtime|cancelShowtime|updateTheatre|updateSettings)$/

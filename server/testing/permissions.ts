import type { api } from '../../contract/api.ts'

/**
 * Who may do what: the one table. It is tried, cell by cell, on both engines (`server/http/permissions.test.ts`) and
 * printed into `docs/permissions.md` (`npm run permissions`). It is written apart from the code that decides, so that
 * one mistake cannot hide in both.
 */

/** Everybody there is, seen from one thing: a theatre, what is in it, and what somebody bought there. */
export const callers = {
  guest: 'a guest',
  holder: 'a guest with the thing’s key (`X-Access-Token`)',
  customer: 'the customer whose thing it is',
  stranger: 'another customer',
  staff: 'staff of the theatre',
  otherStaff: 'staff of another theatre',
  owner: 'the theatre’s owner',
  otherOwner: 'the owner of another theatre',
  admin: 'an administrator',
} as const
export type CallerName = keyof typeof callers

/**
 * What somebody hears before the body is read. `yes`: is let in. `401`: has no account. `403`: nobody of this role may.
 * `theirs`: 403, the thing is public and somebody else's. `404`: the thing is private and somebody else's, so it is as
 * if it were not there. Of a thing that is not there, `yes` and `theirs` are 404 as well.
 */
export type Expected = 'yes' | '401' | '403' | 'theirs' | '404'

export interface Rule {
  readonly meaning: string
  readonly answers: Readonly<Record<CallerName, Expected>>
}

/** One answer for each caller, in the order of `callers`. */
type Row = readonly [Expected, Expected, Expected, Expected, Expected, Expected, Expected, Expected, Expected]

function rule(meaning: string, row: Row): Rule {
  const [guest, holder, customer, stranger, staff, otherStaff, owner, otherOwner, admin] = row
  return { meaning, answers: { guest, holder, customer, stranger, staff, otherStaff, owner, otherOwner, admin } }
}

const free: Row = ['yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes']

/** In the order: guest, holder, customer, stranger, staff, otherStaff, owner, otherOwner, admin. */
export const rules = {
  everybody: rule('anybody', free),
  knowing: rule('anybody; of a draft or a private showtime its house alone', free),
  accounts: rule('any account', ['401', '401', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes']),
  house: rule('staff and above', ['401', '401', '403', '403', 'yes', 'yes', 'yes', 'yes', 'yes']),
  managers: rule('owners and administrators', ['401', '401', '403', '403', '403', '403', 'yes', 'yes', 'yes']),
  admins: rule('administrators', ['401', '401', '403', '403', '403', '403', '403', '403', 'yes']),
  account: rule('the account itself', ['401', '401', 'yes', '404', '404', '404', '404', '404', '404']),
  accountOrAdmin: rule('the account itself, and administrators', [
    '401',
    '401',
    'yes',
    '404',
    '404',
    '404',
    '404',
    '404',
    'yes',
  ]),
  maker: rule('whoever made it, and administrators', ['404', 'yes', 'yes', '404', '404', '404', '404', '404', 'yes']),
  buyer: rule('its buyer, and who works in its theatre', [
    '404',
    'yes',
    'yes',
    '404',
    'yes',
    '404',
    'yes',
    '404',
    'yes',
  ]),
  seller: rule('who works in its theatre', ['401', '401', '403', '403', 'yes', '404', 'yes', '404', 'yes']),
  keeper: rule('its owner (or its theatre’s), and administrators', [
    '401',
    '401',
    '403',
    '403',
    '403',
    '403',
    'yes',
    '404',
    'yes',
  ]),
  worker: rule('who works in this theatre', ['401', '401', '403', '403', 'yes', 'theirs', 'yes', 'theirs', 'yes']),
  owner: rule('its owner, and administrators', ['401', '401', '403', '403', '403', '403', 'yes', 'theirs', 'yes']),
} as const satisfies Record<string, Rule>
export type RuleName = keyof typeof rules

/** The rule of every operation of the contract: a new one without its line does not compile. */
export const permissions: Readonly<Record<keyof typeof api, RuleName>> = {
  register: 'everybody',
  login: 'everybody',
  refresh: 'everybody',
  logout: 'everybody',
  getMe: 'accounts',
  updateMe: 'accounts',
  deleteMe: 'accounts',
  exportMe: 'accounts',
  verifyEmail: 'everybody',
  resendVerification: 'accounts',
  listSessions: 'accounts',
  deleteSession: 'account',
  changePassword: 'accounts',
  forgotPassword: 'everybody',
  resetPassword: 'everybody',
  getSecondFactor: 'accounts',
  startSecondFactor: 'accounts',
  confirmSecondFactor: 'accounts',
  deleteSecondFactor: 'accounts',
  listUsers: 'admins',
  updateUser: 'admins',
  promoteUser: 'admins',
  listMovies: 'everybody',
  getMovie: 'everybody',
  createMovie: 'managers',
  updateMovie: 'owner',
  replaceMovie: 'owner',
  deleteMovie: 'owner',
  setPoster: 'owner',
  uploadPoster: 'owner',
  listGenres: 'everybody',
  listCities: 'everybody',
  listTheatres: 'everybody',
  getTheatre: 'everybody',
  createTheatre: 'managers',
  updateTheatre: 'owner',
  deleteTheatre: 'owner',
  getSettings: 'owner',
  updateSettings: 'owner',
  listStaff: 'owner',
  inviteStaff: 'owner',
  putStaff: 'owner',
  deleteStaff: 'owner',
  listAuditoriums: 'everybody',
  createAuditorium: 'owner',
  getAuditorium: 'everybody',
  updateAuditorium: 'owner',
  deleteAuditorium: 'owner',
  getLayout: 'everybody',
  setLayout: 'owner',
  readOutOfOrder: 'owner',
  setOutOfOrder: 'owner',
  listShowtimes: 'everybody',
  listMovieShowtimes: 'everybody',
  getShowtime: 'knowing',
  createShowtime: 'managers',
  updateShowtime: 'owner',
  replaceShowtime: 'owner',
  deleteShowtime: 'owner',
  cancelShowtime: 'owner',
  moveShowtime: 'owner',
  createShowtimes: 'managers',
  copyShowtimes: 'managers',
  publishShowtimes: 'managers',
  listTicketTypes: 'everybody',
  createTicketType: 'owner',
  getTicketType: 'everybody',
  updateTicketType: 'owner',
  deleteTicketType: 'owner',
  listPriceLists: 'worker',
  createPriceList: 'owner',
  getPriceList: 'worker',
  updatePriceList: 'owner',
  deletePriceList: 'owner',
  watchSeats: 'knowing',
  readSeatMap: 'knowing',
  readAvailability: 'knowing',
  readBestSeats: 'knowing',
  placeHold: 'knowing',
  readHold: 'maker',
  releaseHold: 'maker',
  extendHold: 'maker',
  blockSeats: 'worker',
  unblockSeats: 'worker',
  createBooking: 'everybody',
  listBookings: 'accounts',
  listUserBookings: 'accountOrAdmin',
  readBooking: 'buyer',
  lookUpBooking: 'everybody',
  cancelBooking: 'buyer',
  patchBooking: 'seller',
  resendBooking: 'buyer',
  exchangeBooking: 'buyer',
  changeSeats: 'seller',
  createPayment: 'everybody',
  readPayment: 'buyer',
  confirmPayment: 'buyer',
  refundPayment: 'seller',
  receiveWebhook: 'everybody',
  createPromotion: 'managers',
  listPromotions: 'managers',
  readPromotion: 'keeper',
  updatePromotion: 'keeper',
  deletePromotion: 'keeper',
  createVoucher: 'managers',
  listVouchers: 'managers',
  readVoucher: 'keeper',
  updateVoucher: 'keeper',
  deleteVoucher: 'keeper',
  getTicketQr: 'buyer',
  downloadTickets: 'buyer',
  downloadReceipt: 'buyer',
  downloadCalendar: 'buyer',
  downloadWalletPass: 'buyer',
  checkIn: 'house',
  undoCheckIn: 'seller',
  getManifest: 'worker',
  getDoorPack: 'worker',
  reportScans: 'house',
  listAllBookings: 'managers',
  readBookingStory: 'keeper',
  listAllPayments: 'managers',
  listAuditLog: 'managers',
  listEvents: 'managers',
  createWebhookEndpoint: 'managers',
  listWebhookEndpoints: 'managers',
  readWebhookEndpoint: 'keeper',
  updateWebhookEndpoint: 'keeper',
  deleteWebhookEndpoint: 'keeper',
  rotateWebhookSecret: 'keeper',
  listWebhookDeliveries: 'keeper',
  replayWebhookDelivery: 'keeper',
  reportCapacity: 'managers',
  reportFilmReturns: 'managers',
  reportPopularMovies: 'managers',
  reportRevenue: 'managers',
}

import type { FailureCode } from '../api.ts'
import type { MessageKey } from './words.ts'

interface NextStep {
  readonly label: MessageKey
  /** Where it leads; without one the page at hand does it, or the visitor. */
  readonly href?: string
  /** The same again may well go through. */
  readonly isRetry?: true
  /** The page is older than what it asks. */
  readonly isReload?: true
}

const again: NextStep = { label: 'step_again', isRetry: true }
const wait: NextStep = { label: 'step_wait', isRetry: true }
const signIn: NextStep = { label: 'step_sign_in', href: '/account' }
const seats: NextStep = { label: 'step_seats' }
const home: NextStep = { label: 'step_home', href: '/' }
const time: NextStep = { label: 'step_time', href: '/' }
const correct: NextStep = { label: 'step_correct' }
const reload: NextStep = { label: 'step_reload', isReload: true }
const staff: NextStep = { label: 'step_staff' }
const code: NextStep = { label: 'step_code' }
const tickets: NextStep = { label: 'step_tickets', href: '/account' }
const schedule: NextStep = { label: 'step_schedule' }

/** The one thing to do after each refusal: nobody is left in a dead end. */
export const nextSteps: Readonly<Record<FailureCode, NextStep>> = {
  validation_failed: correct,
  malformed_request: reload,
  unknown_seats: reload,
  weak_password: correct,
  invalid_code: correct,
  invalid_signature: staff,
  invalid_local_time: correct,
  unauthenticated: signIn,
  invalid_credentials: correct,
  second_factor_required: correct,
  forbidden: home,
  not_found: home,
  method_not_allowed: reload,
  not_acceptable: reload,
  request_timeout: again,
  admission_required: reload,
  already_cancelled: tickets,
  already_checked_in: staff,
  auditorium_in_use: schedule,
  booking_cancelled: tickets,
  booking_not_confirmed: tickets,
  booking_not_payable: tickets,
  difference_not_charged: tickets,
  companion_needs_wheelchair: seats,
  email_taken: signIn,
  idempotency_in_progress: wait,
  hold_already_booked: tickets,
  last_admin: staff,
  leaves_single_gap: seats,
  movie_in_use: schedule,
  no_extensions_left: { label: 'continue' },
  no_open_shift: staff,
  not_now: staff,
  nothing_due_at_counter: reload,
  owns_theatres: staff,
  payment_in_progress: wait,
  payment_not_confirmable: { label: 'back_to_checkout' },
  payment_not_refundable: staff,
  promo_not_valid: code,
  promo_used_up: code,
  promotion_exists: correct,
  refund_exceeds_payment: correct,
  sales_closed: time,
  seats_unavailable: seats,
  second_factor_active: reload,
  second_factor_not_started: reload,
  shift_closed: reload,
  shift_open: reload,
  showtime_cancelled: time,
  showtime_has_bookings: schedule,
  showtime_overlap: schedule,
  sold_out: time,
  splits_sofa: seats,
  theatre_in_use: staff,
  ticket_type_exists: correct,
  ticket_type_not_sold: correct,
  ticket_type_rule: correct,
  ticket_used: staff,
  too_late_to_cancel: staff,
  voucher_exists: correct,
  voucher_not_valid: code,
  wrong_showtime: staff,
  booking_expired: { label: 'choose_again' },
  hold_expired: { label: 'choose_again' },
  token_used: signIn,
  precondition_failed: reload,
  body_too_large: correct,
  uri_too_long: home,
  unsupported_media_type: correct,
  idempotency_key_reused: reload,
  pow_required: wait,
  rate_limited: wait,
  too_many_holds: tickets,
  header_fields_too_large: reload,
  internal_error: again,
  busy: wait,
  draining: wait,
  overloaded: wait,
  provider_unavailable: wait,
  storage_full: staff,
  offline: { label: 'step_online', isRetry: true },
}

/** Whether a text names a refusal that there are words for. */
export function isRefusalCode(text: string): text is FailureCode {
  return Object.hasOwn(nextSteps, text)
}

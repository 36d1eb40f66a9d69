import { sql } from 'kysely'
import { bySql } from '../invariant.ts'
import type { Invariant } from '../invariant.ts'
import { rowsOf } from './fragments.ts'
import { admissionsPass, ticketsPass } from './passes.ts'

const statesMoveForward = bySql('I8', 'States move forward and so does time', () => [
  {
    rows: rowsOf('bookings'),
    broken: sql<{ what: string }>`
      SELECT id || ' is ' || status || ', and its times tell another story' AS what FROM bookings
      WHERE (status = 'pending' AND (confirmed_at IS NOT NULL OR ended_at IS NOT NULL))
        OR (status = 'confirmed' AND ended_at IS NOT NULL)
        OR (status = 'expired' AND (confirmed_at IS NOT NULL OR ended_at IS NULL))
        OR (status = 'cancelled' AND ended_at IS NULL)
        OR confirmed_at < created_at OR ended_at < created_at OR ended_at < confirmed_at`,
  },
  {
    rows: rowsOf('payments'),
    broken: sql<{ what: string }>`
      SELECT id || ' is ' || status || ', and its times tell another story' AS what FROM payments
      WHERE (status = 'pending' AND (authorised_at IS NOT NULL OR captured_at IS NOT NULL OR ended_at IS NOT NULL))
        OR (status = 'authorised' AND (authorised_at IS NULL OR captured_at IS NOT NULL))
        OR (status = 'succeeded' AND captured_at IS NULL)
        OR (status IN ('failed', 'expired', 'voided') AND captured_at IS NOT NULL)
        OR authorised_at < created_at OR captured_at < created_at OR captured_at < authorised_at
        OR ended_at < created_at`,
  },
  {
    rows: rowsOf('payments', sql`status = 'pending'`),
    broken: sql<{ what: string }>`
      SELECT p.id || ' is still open although ' || b.id || ' is ' || b.status AS what
      FROM payments AS p JOIN bookings AS b ON b.id = p.booking_id
      WHERE p.status = 'pending' AND b.status <> 'pending'`,
  },
  {
    rows: rowsOf('refunds'),
    broken: sql<{ what: string }>`
      SELECT id || ' is ' || status || ', and its times tell another story' AS what FROM refunds
      WHERE (status = 'succeeded' AND settled_at IS NULL) OR (status = 'pending' AND settled_at IS NOT NULL)
        OR settled_at < created_at`,
  },
])

const ticketsFollowBookings = bySql('I10', 'Tickets follow their bookings', ({ nowMs }) => [
  {
    rows: rowsOf('tickets'),
    broken: sql<{ what: string }>`
      SELECT t.id || ' opens the door although ' || b.id || ' is ' || b.status AS what
      FROM bookings AS b CROSS JOIN tickets AS t
      WHERE t.booking_id = b.id AND t.status <> 'void' AND b.status IN ('expired', 'cancelled')`,
    inOrder: { counts: ticketsPass(nowMs), proves: ({ open }) => open === 0 },
  },
  {
    rows: rowsOf('bookings', sql`status = 'confirmed'`),
    broken: sql<{ what: string }>`
      SELECT b.id || ' is confirmed and has no ticket that opens the door' AS what
      FROM bookings AS b WHERE b.status = 'confirmed'
        AND NOT EXISTS (SELECT 1 FROM tickets AS t WHERE t.booking_id = b.id AND t.status <> 'void')`,
  },
])

const checkInsAreLawful = bySql('I11', 'Nobody was let in without a right to it', ({ nowMs }) => [
  {
    rows: rowsOf('tickets', sql`status = 'used'`),
    broken: sql<{ what: string }>`
      SELECT t.id || ' was used at the door, and ' || b.id || ' was not confirmed then' AS what
      FROM tickets AS t JOIN bookings AS b ON b.id = t.booking_id
      WHERE t.status = 'used' AND (b.confirmed_at IS NULL OR t.checked_in_at < b.confirmed_at)`,
    inOrder: { counts: ticketsPass(nowMs), proves: ({ early }) => early === 0 },
  },
  {
    rows: rowsOf('tickets', sql`status = 'used'`),
    broken: sql<{ what: string }>`
      SELECT t.id || ' was used at the door, and nobody was let in with it' AS what FROM tickets AS t
      WHERE t.status = 'used' AND NOT EXISTS (SELECT 1 FROM check_ins AS c
        WHERE c.ticket_id = t.id AND c.outcome = 'admitted' AND c.undone_at IS NULL)`,
    inOrder: { counts: admissionsPass, proves: ({ admitted }, used) => admitted === used },
  },
  {
    rows: rowsOf('check_ins', sql`outcome = 'admitted' AND undone_at IS NULL`),
    broken: sql<{ what: string }>`
      SELECT c.id || ' let somebody in with ' || t.id || ', which is still ' || t.status AS what
      FROM check_ins AS c JOIN tickets AS t ON t.id = c.ticket_id
      WHERE c.outcome = 'admitted' AND c.undone_at IS NULL AND t.status = 'valid'`,
    inOrder: { counts: admissionsPass, proves: ({ admitted }, standing) => admitted === standing },
  },
])

export const lifecycleInvariants: readonly Invariant[] = [statesMoveForward, ticketsFollowBookings, checkInsAreLawful]

import type { Kysely } from 'kysely'
import type { StaffMember } from '../../contract/venues.ts'
import type { Accounts } from '../accounts/accounts.ts'
import { bucket, takeAttempt } from '../accounts/attempts.ts'
import { foldEmail } from '../accounts/model.ts'
import type { Person } from '../accounts/parts.ts'
import { lockAccount } from '../accounts/store.ts'
import { limits } from '../accounts/throttle.ts'
import type { Transaction } from '../database/database.ts'
import { enqueue } from '../database/outbox.ts'
import type { Tables } from '../database/tables/index.ts'
import type { TheatreRow } from '../database/tables/venues.ts'
import { must } from '../platform/assert.ts'
import { refuse } from '../platform/refusal.ts'
import type { Refusal } from '../platform/refusal.ts'
import { formatInstant } from '../platform/time.ts'

type Query = Kysely<Tables>
/** What accounts do when somebody begins or ends to work here. */
export type StaffRoles = Pick<Accounts, 'raiseToStaff' | 'lowerFromStaff'>

/** The theatres that an account works at as staff. */
export async function theatresOfStaff(query: Query, userId: string): Promise<string[]> {
  const rows = await query.selectFrom('theatreStaff').select('theatreId').where('userId', '=', userId).execute()
  return rows.map((row) => row.theatreId)
}

/** Whether an account works at a theatre as staff. */
export async function isStaffOf(query: Query, theatreId: string, userId: string): Promise<boolean> {
  const row = await query
    .selectFrom('theatreStaff')
    .select('userId')
    .where('theatreId', '=', theatreId)
    .where('userId', '=', userId)
    .executeTakeFirst()
  return row !== undefined
}

/** Everybody who works at a theatre, then who has been invited, each in the order in which they came. */
export async function listStaff(query: Query, theatreId: string): Promise<StaffMember[]> {
  const members = await staffMembers(query, theatreId)
  const invited = await query
    .selectFrom('staffInvitations')
    .select(['email', 'createdAt'])
    .where('theatreId', '=', theatreId)
    .orderBy('createdAt')
    .orderBy('emailFolded')
    .execute()
  return [...members, ...invited.map(({ email, createdAt }) => invitedMember(email, createdAt))]
}

function invitedMember(email: string, createdAt: number): StaffMember {
  return { userId: null, email, name: null, role: null, status: 'invited', since: formatInstant(createdAt) }
}

async function staffMembers(query: Query, theatreId: string, userId?: string): Promise<StaffMember[]> {
  let members = query
    .selectFrom('theatreStaff')
    .innerJoin('users', 'users.id', 'theatreStaff.userId')
    .select(['users.id', 'users.email', 'users.name', 'users.role', 'theatreStaff.createdAt'])
    .where('theatreId', '=', theatreId)
  if (userId !== undefined) members = members.where('userId', '=', userId)
  const rows = await members.orderBy('theatreStaff.createdAt').orderBy('users.id').execute()
  return rows.map(({ id, createdAt, ...person }) => ({
    userId: id,
    ...person,
    status: 'active',
    since: formatInstant(createdAt),
  }))
}

/** Makes an account staff of a theatre; refuses `not_found` when nobody usable has that id. Doing it again changes nothing. */
export async function addStaff(
  tx: Transaction,
  accounts: Pick<StaffRoles, 'raiseToStaff'>,
  theatreId: string,
  userId: string,
): Promise<StaffMember | Refusal<'not_found'>> {
  // Whoever ends their work elsewhere at the same time is alone with them, or waits.
  const account = await lockAccount(tx, userId)
  if (!account || account.deletedAt !== null) return refuse('not_found')
  await tx.query
    .insertInto('theatreStaff')
    .values({ theatreId, userId, createdAt: tx.nowMs })
    .onConflict((conflict) => conflict.columns(['theatreId', 'userId']).doNothing())
    .execute()
  await accounts.raiseToStaff(tx, userId)
  const [member] = await staffMembers(tx.query, theatreId, userId)
  return must(member, 'Staff who was just added is there')
}

/** Ends somebody's work at a theatre; who has no other is a customer again. Refuses `not_found` when nobody works there so. */
export async function removeStaff(
  tx: Transaction,
  accounts: Pick<StaffRoles, 'lowerFromStaff'>,
  theatreId: string,
  userId: string,
): Promise<undefined | Refusal<'not_found'>> {
  if (userId.includes('@')) return await withdrawInvitation(tx, theatreId, userId)
  await lockAccount(tx, userId)
  const removed = await tx.query
    .deleteFrom('theatreStaff')
    .where('theatreId', '=', theatreId)
    .where('userId', '=', userId)
    .returning('userId')
    .executeTakeFirst()
  if (!removed) return refuse('not_found')
  const left = await theatresOfStaff(tx.query, userId)
  if (left.length === 0) await accounts.lowerFromStaff(tx, userId)
  return undefined
}

/** An invitation that nobody has taken up is known by its email. */
async function withdrawInvitation(
  tx: Transaction,
  theatreId: string,
  email: string,
): Promise<undefined | Refusal<'not_found'>> {
  const withdrawn = await tx.query
    .deleteFrom('staffInvitations')
    .where('theatreId', '=', theatreId)
    .where('emailFolded', '=', foldEmail(email))
    .returning('email')
    .executeTakeFirst()
  return withdrawn ? undefined : refuse('not_found')
}

/**
 * Asks somebody to work at a theatre. Who has proved that the email is its own is staff at once and hears of it; for
 * everybody else, also for an account that only claims the email, the invitation waits for that proof. Thirty an hour, whatever
 * `RATE_LIMIT` says: the mail goes to anybody, with a name of the inviter's choice in it.
 */
export async function inviteStaff(
  tx: Transaction,
  accounts: Pick<StaffRoles, 'raiseToStaff'>,
  theatre: Pick<TheatreRow, 'id' | 'name'>,
  email: string,
  invitedBy: string,
): Promise<StaffMember | Refusal<'not_found' | 'rate_limited'>> {
  const full = await takeAttempt(tx, bucket(limits.invitationMail, 'invitation', invitedBy))
  if (full) return full
  const emailFolded = foldEmail(email)
  const account = await tx.query
    .selectFrom('users')
    .select(['id', 'email', 'name', 'locale', 'emailVerifiedAt'])
    .where('emailFolded', '=', emailFolded)
    .where('deletedAt', 'is', null)
    .executeTakeFirst()
  const recipient = account
    ? { id: account.id, email: account.email, name: account.name, locale: account.locale, userId: account.id }
    : { userId: null, email, name: null, locale: null }
  await enqueue(tx, 'mail.staff-invitation', { ...recipient, theatreId: theatre.id, theatreName: theatre.name })
  if (account && account.emailVerifiedAt !== null) return await addStaff(tx, accounts, theatre.id, account.id)
  await tx.query
    .insertInto('staffInvitations')
    .values({ theatreId: theatre.id, emailFolded, email, invitedBy, createdAt: tx.nowMs })
    .onConflict((conflict) => conflict.columns(['theatreId', 'emailFolded']).doNothing())
    .execute()
  return invitedMember(email, tx.nowMs)
}

/** Takes up the invitations that waited for an email, now that an account has proved that it is its own. */
export async function acceptInvitations(
  tx: Transaction,
  accounts: Pick<StaffRoles, 'raiseToStaff'>,
  person: Person,
): Promise<void> {
  const invitations = await tx.query
    .deleteFrom('staffInvitations')
    .where('emailFolded', '=', person.emailFolded)
    .returning('theatreId')
    .execute()
  for (const { theatreId } of invitations) await addStaff(tx, accounts, theatreId, person.userId)
}

import type { AccountDependent } from '../accounts/parts.ts'
import { refuse } from '../platform/refusal.ts'
import { acceptInvitations } from './staff.ts'
import type { StaffRoles } from './staff.ts'

/** What theatres keep about people: who owns one, who works in one, who has been invited to. */
export function venuesAboutPeople(accounts: Pick<StaffRoles, 'raiseToStaff'>): AccountDependent {
  return {
    name: 'theatres',
    async collect(query, { userId }) {
      const owned = await query.selectFrom('theatres').select(['id', 'name']).where('ownerId', '=', userId).execute()
      const worksAt = await query
        .selectFrom('theatreStaff')
        .innerJoin('theatres', 'theatres.id', 'theatreStaff.theatreId')
        .select(['theatres.id', 'theatres.name'])
        .where('userId', '=', userId)
        .execute()
      return { owned, worksAt }
    },
    async refuseClosing(tx, { userId }) {
      const owned = await tx.query.selectFrom('theatres').select('id').where('ownerId', '=', userId).executeTakeFirst()
      return owned ? refuse('owns_theatres') : null
    },
    async erase(tx, { userId, emailFolded }) {
      await tx.query.deleteFrom('theatreStaff').where('userId', '=', userId).execute()
      await tx.query.deleteFrom('staffInvitations').where('emailFolded', '=', emailFolded).execute()
    },
    async emailVerified(tx, person) {
      await acceptInvitations(tx, accounts, person)
    },
  }
}

import type { ManagementPageProps } from '../pages.tsx'
import { Staff } from './Staff.tsx'
import { Users } from './Users.tsx'
import { usePeopleWords } from './words/index.ts'

/** `/manage/people`: who works at the theatre; for administrators, every account. */
export function PeoplePage({ theatre, me }: ManagementPageProps) {
  const { t } = usePeopleWords()
  return (
    <div className="grid gap-10">
      <title>{t('people')}</title>
      <Staff theatre={theatre} />
      {me.role === 'admin' && <Users me={me} />}
    </div>
  )
}

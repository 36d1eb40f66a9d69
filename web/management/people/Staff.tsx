import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { ReactNode } from 'react'
import type { StaffMember, Theatre } from '../../../contract/venues.ts'
import { call } from '../../api.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import type { Column } from '../../ui/DataTable.tsx'
import { Field } from '../../ui/Field.tsx'
import { Failed, FailedPage, Waiting } from '../../ui/states.tsx'
import { useToast } from '../../ui/toast.tsx'
import { usePeopleWords } from './words/index.ts'

type Say = ReturnType<typeof usePeopleWords>

const staffKey = ({ id }: Theatre) => ['staff', id]

/** Who works at a theatre, and who has been asked to. */
export function Staff({ theatre }: { readonly theatre: Theatre }) {
  const say = usePeopleWords()
  const { t } = say
  const queries = useQueryClient()
  const toast = useToast()
  const params = { id: theatre.id }
  const key = staffKey(theatre)
  const staff = useQuery({ queryKey: key, queryFn: ({ signal }) => call('listStaff', { params, signal }) })
  const again = () => queries.invalidateQueries({ queryKey: key })
  const remove = useMutation({
    mutationFn: ({ userId, email }: StaffMember) =>
      call('deleteStaff', { params: { ...params, userId: userId ?? email } }),
    onSuccess: async (_, member) => {
      await again()
      const isBack = member.status === 'active' ? { undo: () => giveBack.mutate(member.email) } : {}
      toast({ text: t('removed', { name: member.name ?? member.email }), ...isBack })
    },
  })
  const giveBack = useInvite(theatre)
  if (staff.error) return <FailedPage error={staff.error} retry={() => void staff.refetch()} />
  if (!staff.data) return <Waiting />
  const columns = columnsOf(say, theatre.timeZone, (member) => (
    <button
      type="button"
      className="act"
      aria-label={`${t('remove')}: ${member.email}`}
      onClick={() => remove.mutate(member)}
    >
      {t(member.status === 'active' ? 'remove' : 'withdraw')}
    </button>
  ))
  return (
    <section>
      <h1 className="marquee text-[clamp(2.5rem,7vw,4.5rem)]">{t('people')}</h1>
      <p className="mb-4 mt-2 max-w-prose text-soft">{t('staff_text', { theatre: theatre.name })}</p>
      <Invite theatre={theatre} />
      <Failed of={giveBack} />
      <Failed of={remove} />
      <DataTable
        caption={t('people')}
        rows={staff.data.data}
        keyOf={({ email }) => email}
        columns={columns}
        empty={t('nobody')}
      />
    </section>
  )
}

function columnsOf(
  { t, instant }: Say,
  timeZone: string,
  actions: (member: StaffMember) => ReactNode,
): Column<StaffMember>[] {
  return [
    {
      label: t('name'),
      cell: ({ name, email }) => (
        <span className="grid">
          <b>{name ?? email}</b>
          {name !== null && <span className="text-sm text-soft">{email}</span>}
        </span>
      ),
    },
    { label: t('role'), cell: ({ role }) => t(`role_${role ?? 'staff'}`) },
    { label: t('standing'), cell: ({ status }) => t(`staff_${status}`) },
    { label: t('since'), cell: ({ since }) => instant(since, timeZone) },
    { label: t('actions'), cell: actions },
  ]
}

/** Asks somebody to work here, by email; says what came of it. `invited` hears whom, however often it took. */
function useInvite(theatre: Theatre, invited?: (email: string) => void) {
  const { t } = usePeopleWords()
  const queries = useQueryClient()
  const toast = useToast()
  return useMutation({
    mutationFn: (email: string) => call('inviteStaff', { params: { id: theatre.id }, body: { email } }),
    onSuccess: async ({ status, email }, asked) => {
      invited?.(asked)
      await queries.invalidateQueries({ queryKey: staffKey(theatre) })
      toast({ text: t(status === 'active' ? 'is_staff' : 'is_invited', { email }) })
    },
  })
}

function Invite({ theatre }: { readonly theatre: Theatre }) {
  const { t } = usePeopleWords()
  const [email, setEmail] = useState('')
  // Who has been typed since stays.
  const invite = useInvite(theatre, (asked) => setEmail((typed) => (typed.trim() === asked ? '' : typed)))
  return (
    <>
      <form
        className="mb-5 flex flex-wrap items-end gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          if (!invite.isPending) invite.mutate(email.trim())
        }}
      >
        <div className="w-full max-w-sm">
          <Field
            label={t('invite_email')}
            type="email"
            required
            maxLength={254}
            autoComplete="off"
            value={email}
            onChange={setEmail}
          />
        </div>
        <button type="submit" className="button button-main" disabled={invite.isPending}>
          {t('invite')}
        </button>
      </form>
      <Failed of={invite} />
    </>
  )
}

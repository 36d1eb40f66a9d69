import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query'
import { useDeferredValue, useState } from 'react'
import type { Answer } from '../../../contract/client.ts'
import type { Role } from '../../../contract/operation.ts'
import { call } from '../../api.ts'
import { DataTable } from '../../ui/DataTable.tsx'
import type { Column } from '../../ui/DataTable.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form, SelectField } from '../../ui/form.tsx'
import { Failed } from '../../ui/states.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import { usePeopleWords } from './words/index.ts'

type User = Answer<'listUsers'>['data'][number]
type Say = ReturnType<typeof usePeopleWords>

const roles: readonly Role[] = ['customer', 'staff', 'owner', 'admin']

/** What an administrator does to an account. */
interface Change {
  readonly user: User
  readonly role?: Role
  readonly banned?: boolean
}

function useUsers(q: string, role: string) {
  return useInfiniteQuery({
    queryKey: ['users', q, role],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) => {
      const known = roles.find((each) => each === role)
      const asks = role === 'asks' ? ({ requestedRole: 'owner' } as const) : {}
      const query = {
        limit: 25,
        ...(q !== '' && { q }),
        ...(known && { role: known }),
        ...asks,
        ...(cursor !== undefined && { cursor }),
      }
      return call('listUsers', { query, signal })
    },
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: (before) => before,
  })
}

/** All accounts: found by name or email, raised, lowered, banned. */
export function Users({ me }: { readonly me: Answer<'getMe'> }) {
  const say = usePeopleWords()
  const { t } = say
  const house = useHouseWords()
  const [q, setQ] = useState('')
  const [role, setRole] = useState('')
  const found = useUsers(useDeferredValue(q.trim()), role)
  const [asking, setAsking] = useState<Change | null>(null)
  const rows = found.data?.pages.flatMap(({ data }) => data) ?? []
  return (
    <section>
      <h2 className="marquee text-4xl">{t('accounts')}</h2>
      <div className="mb-3 mt-3 grid gap-4 sm:grid-cols-[minmax(0,22rem)_14rem]">
        <Field label={t('search')} type="search" maxLength={200} value={q} onChange={setQ} />
        <SelectField
          label={t('role')}
          value={role}
          options={[
            ['', t('every_role')],
            ...roles.map((each) => [each, t(`role_${each}`)] as const),
            ['asks', t('asks_owner')],
          ]}
          onChange={setRole}
        />
      </div>
      <Failed of={found} />
      <DataTable
        caption={t('accounts')}
        rows={rows}
        keyOf={({ id }) => id}
        columns={columnsOf(say, me.id, setAsking)}
        empty={t('nobody_found')}
      />
      {found.hasNextPage && (
        <button type="button" className="button mt-4" onClick={() => void found.fetchNextPage()}>
          {house.t('load_more')}
        </button>
      )}
      {asking && <Confirm change={asking} close={() => setAsking(null)} />}
    </section>
  )
}

function columnsOf({ t, instant }: Say, myId: string, ask: (change: Change) => void): Column<User>[] {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return [
    {
      label: t('name'),
      cell: ({ name, email }) => (
        <span className="grid">
          <b>{name}</b>
          <span className="break-all text-sm text-soft">{email}</span>
        </span>
      ),
    },
    {
      label: t('role'),
      cell: (user) => (
        <select
          className="field"
          aria-label={t('role_of', { name: user.name })}
          value={user.role}
          disabled={user.id === myId}
          onChange={(event) => {
            const role = roles.find((each) => each === event.target.value)
            if (role) ask({ user, role })
          }}
        >
          {roles.map((role) => (
            <option key={role} value={role}>
              {t(`role_${role}`)}
            </option>
          ))}
        </select>
      ),
    },
    {
      label: t('standing'),
      cell: ({ banned, emailVerified, secondFactor, requestedRole }) =>
        [
          t(banned ? 'is_banned' : emailVerified ? 'is_verified' : 'is_unverified'),
          ...(secondFactor ? [t('has_second_factor')] : []),
          ...(requestedRole === null ? [] : [t('asks_owner')]),
        ].join(', '),
    },
    {
      label: t('last_in'),
      cell: ({ lastSignedInAt }) => (lastSignedInAt === null ? t('never') : instant(lastSignedInAt, zone)),
    },
    {
      label: t('actions'),
      cell: (user) =>
        user.id === myId ? (
          <span className="text-soft">{t('yourself')}</span>
        ) : (
          <button
            type="button"
            className="act"
            aria-label={`${t(user.banned ? 'unban' : 'ban')}: ${user.email}`}
            onClick={() => ask({ user, banned: !user.banned })}
          >
            {t(user.banned ? 'unban' : 'ban')}
          </button>
        ),
    },
  ]
}

/** Asks before an account changes: it takes effect at once, wherever the person is signed in. */
function Confirm({ change: { user, role, banned }, close }: { readonly change: Change; readonly close: () => void }) {
  const { t } = usePeopleWords()
  const queries = useQueryClient()
  const save = useMutation({
    mutationFn: async () => {
      const params = { id: user.id }
      if (role === 'admin') return await call('promoteUser', { params })
      return await call('updateUser', {
        params,
        body: { ...(role && { role }), ...(banned !== undefined && { banned }) },
      })
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ['users'] })
      close()
    },
  })
  const word = role
    ? t('make_role', { name: user.name, role: t(`role_${role}`) })
    : t(banned ? 'ban_name' : 'unban_name', { name: user.name })
  return (
    <Dialog title={word} close={close}>
      <Form submit={() => save.mutate()} isBusy={save.isPending} error={save.error} label={t('do_it')}>
        <p>{t(role ? `role_${role}_means` : banned ? 'ban_means' : 'unban_means')}</p>
      </Form>
    </Dialog>
  )
}

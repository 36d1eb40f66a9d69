import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { FormEvent } from 'react'
import { call, isRefused } from '../api.ts'
import { Field } from '../ui/Field.tsx'
import { Link, navigate, useLocation } from '../ui/router.tsx'
import { writeStored } from '../ui/stored.ts'
import { Failed } from '../ui/states.tsx'
import { useAccountWords } from './words/index.ts'

/** Only our own pages may be gone to after signing in. */
function safePath(path: string | null): string {
  return path !== null && /^\/(?!\/)[\w/-]*$/.test(path) ? path : '/account'
}

interface Entry {
  readonly isNew: boolean
  readonly email: string
  readonly password: string
  readonly name: string
  readonly code: string
  /** Registers as somebody who runs a cinema. */
  readonly asOwner: boolean
}
const empty: Entry = { isNew: false, email: '', password: '', name: '', code: '', asOwner: false }

/** Opens a session in a cookie, and goes where the visitor was, or to `next`. */
function useEnter({ isNew, email, password, name, code, asOwner }: Entry, next?: string) {
  const { search } = useLocation()
  const queries = useQueryClient()
  return useMutation({
    mutationFn: () =>
      isNew
        ? call('register', { body: { email, password, name, session: 'cookie', ...(asOwner && { role: 'owner' }) } })
        : call('login', { body: { email, password, session: 'cookie', ...(code !== '' && { code: code.trim() }) } }),
    onSuccess: ({ user }) => {
      writeStored('signedIn', true)
      queries.setQueryData(['me'], user)
      const asked = next ?? safePath(search.get('next'))
      navigate(isNew && user.role === 'owner' ? '/manage' : asked, { replace: true })
    },
  })
}

/** Signing in and registering: the same place, one switch. `next` is where it leads, unless the address says so. */
export function SignIn({ next }: { readonly next?: string }) {
  const { t } = useAccountWords()
  const [entry, setEntry] = useState(empty)
  const { isNew } = entry
  const enter = useEnter(entry, next)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!enter.isPending) enter.mutate()
  }
  const turn = () => {
    enter.reset()
    setEntry({ ...entry, isNew: !isNew, asOwner: false })
  }
  return (
    <section aria-labelledby="sign-in" className="panel grid content-start gap-4 p-5 sm:p-8">
      <h2 id="sign-in" className="text-2xl font-bold">
        {isNew ? t('new_here') : t('welcome_back')}
      </h2>
      <form onSubmit={submit} className="grid gap-4">
        <EntryFields
          entry={entry}
          change={setEntry}
          needsCode={isRefused(enter.error, 'second_factor_required') || entry.code !== ''}
        />
        {enter.error &&
          (entry.asOwner && isRefused(enter.error, 'forbidden') ? (
            <p role="alert" className="font-semibold">
              {t('owners_closed')}
            </p>
          ) : (
            <Failed of={enter} />
          ))}
        <button type="submit" className="button button-main" disabled={enter.isPending}>
          {isNew ? t('create_account') : t('sign_in')}
        </button>
      </form>
      {!isNew && (
        <Link href="/forgot-password" className="quiet-link justify-self-start">
          {t('forgot_link')}
        </Link>
      )}
      <p className="text-soft">
        {isNew ? t('already_known') : t('not_known_yet')}{' '}
        <button type="button" className="quiet-link text-ink" onClick={turn}>
          {isNew ? t('sign_in') : t('create_account')}
        </button>
      </p>
    </section>
  )
}

interface EntryFieldsProps {
  readonly entry: Entry
  readonly change: (entry: Entry) => void
  readonly needsCode: boolean
}

function EntryFields({ entry, change, needsCode }: EntryFieldsProps) {
  const { t } = useAccountWords()
  const { isNew } = entry
  const bind = (name: 'email' | 'password' | 'name' | 'code') => ({
    value: entry[name],
    onChange: (value: string) => change({ ...entry, [name]: value }),
  })
  return (
    <>
      {isNew && <Field label={t('name')} autoComplete="name" required maxLength={200} {...bind('name')} />}
      <Field label={t('email')} type="email" autoComplete="email" required maxLength={254} {...bind('email')} />
      <Field
        label={t('password')}
        type="password"
        autoComplete={isNew ? 'new-password' : 'current-password'}
        required
        {...(isNew && { minLength: 8, hint: t('password_hint') })}
        {...bind('password')}
      />
      {isNew && (
        <label className="flex min-h-11 items-center gap-3">
          <input
            type="checkbox"
            className="size-5 accent-accent"
            checked={entry.asOwner}
            onChange={(event) => change({ ...entry, asOwner: event.target.checked })}
          />
          {t('as_owner')}
        </label>
      )}
      {needsCode && (
        <Field
          label={t('second_factor')}
          autoComplete="one-time-code"
          required
          minLength={6}
          maxLength={32}
          hint={t('code_hint')}
          {...bind('code')}
        />
      )}
    </>
  )
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { Answer } from '../../contract/client.ts'
import { call } from '../api.ts'
import { useAccountWords } from './words/index.ts'
import { Confirm } from '../ui/Confirm.tsx'
import { Field } from '../ui/Field.tsx'
import { QrCode } from '../ui/QrCode.tsx'
import { Failed } from '../ui/states.tsx'
import { Card, sends } from './Card.tsx'
import { CurrentPasswordField } from './CurrentPasswordField.tsx'
import { RecoveryCodes } from './RecoveryCodes.tsx'

const factorKey = ['second-factor'] as const

/** The second factor: setting it up, its recovery codes, and removing it. */
export function FactorSection({ email }: { readonly email: string }) {
  const { t } = useAccountWords()
  const factor = useQuery({
    queryKey: factorKey,
    queryFn: ({ signal }) => call('getSecondFactor', { signal }),
  })
  const [password, setPassword] = useState('')
  const start = useMutation({
    mutationFn: () => call('startSecondFactor', { body: { currentPassword: password } }),
    onSuccess: () => setPassword(''),
  })
  const [codes, setCodes] = useState<readonly string[] | null>(null)
  return (
    <Card title={t('factor_title')}>
      <Failed of={factor} />
      {factor.data?.required && <p>{t('factor_required')}</p>}
      {codes !== null ? (
        <RecoveryCodes codes={codes} email={email} done={() => setCodes(null)} />
      ) : factor.data?.active ? (
        <FactorOn codesLeft={factor.data.recoveryCodesLeft} />
      ) : (
        <>
          <p className="text-soft">{t('factor_text')}</p>
          {start.data ? (
            <SetUp started={start.data} confirmed={setCodes} />
          ) : (
            <form onSubmit={sends(start)} className="grid gap-4">
              <CurrentPasswordField value={password} onChange={setPassword} />
              <Failed of={start} />
              <button type="submit" className="button justify-self-start" disabled={start.isPending}>
                {t('factor_start')}
              </button>
            </form>
          )}
        </>
      )}
    </Card>
  )
}

interface SetUpProps {
  readonly started: Answer<'startSecondFactor'>
  readonly confirmed: (codes: readonly string[]) => void
}

/** The secret as a picture and in letters, and the first code that proves that the app has it. */
function SetUp({ started, confirmed }: SetUpProps) {
  const { t } = useAccountWords()
  const queries = useQueryClient()
  const [code, setCode] = useState('')
  const confirm = useMutation({
    mutationFn: () => call('confirmSecondFactor', { body: { code: code.replaceAll(/\s/g, '') } }),
    onSuccess: async ({ recoveryCodes }) => {
      confirmed(recoveryCodes)
      await queries.invalidateQueries({ queryKey: factorKey })
    },
  })
  return (
    <div className="grid gap-4">
      <p>{t('factor_scan')}</p>
      <div className="flex flex-wrap items-center gap-5">
        <QrCode text={started.otpauthUrl} label={t('factor_qr')} className="w-44" />
        <p className="min-w-0 flex-1">
          <span className="label block">{t('factor_key')}</span>
          <code className="font-mono text-lg break-all select-all">{started.secret.match(/.{1,4}/g)?.join(' ')}</code>
        </p>
      </div>
      <form onSubmit={sends(confirm)} className="grid max-w-72 gap-4">
        <Field
          label={t('factor_code')}
          autoComplete="one-time-code"
          inputMode="numeric"
          required
          minLength={6}
          maxLength={8}
          value={code}
          onChange={setCode}
        />
        <Failed of={confirm} />
        <button type="submit" className="button button-main justify-self-start" disabled={confirm.isPending}>
          {t('factor_confirm')}
        </button>
      </form>
    </div>
  )
}

function FactorOn({ codesLeft }: { readonly codesLeft: number }) {
  const { t } = useAccountWords()
  const queries = useQueryClient()
  const [code, setCode] = useState('')
  const remove = useMutation({
    mutationFn: () => call('deleteSecondFactor', { body: { code: code.replaceAll(/\s/g, '') } }),
    onSuccess: () => queries.invalidateQueries({ queryKey: factorKey }),
  })
  return (
    <>
      <p>{t('factor_on', { count: codesLeft })}</p>
      <Confirm
        label={t('factor_remove')}
        question={t('factor_remove_question')}
        yes={t('factor_remove')}
        no={t('keep_it')}
        act={remove}
      >
        <p>{t('factor_remove_text')}</p>
        <Field
          label={t('factor_code')}
          autoComplete="one-time-code"
          required
          minLength={6}
          maxLength={32}
          value={code}
          onChange={setCode}
        />
      </Confirm>
    </>
  )
}

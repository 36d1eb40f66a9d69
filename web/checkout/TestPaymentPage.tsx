import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import type { Payment } from '../../contract/payments.ts'
import { call, isRefused, keyFor } from '../api.ts'
import { useWords } from '../messages/locale.tsx'
import { Link, navigate, Redirect } from '../ui/router.tsx'
import { tokenOf, writeStored } from '../ui/stored.ts'
import { FailedPage, Notice, Refused, Waiting } from '../ui/states.tsx'
import { checkoutOf } from './payment.ts'

type Outcome = 'succeed' | 'decline' | 'timeout'
const outcomes = ['succeed', 'decline', 'timeout'] as const

/** Stands in for a bank: the visitor says how it answers. */
export function TestPaymentPage({ id }: { readonly id: string }) {
  const {
    data: payment,
    error,
    refetch,
  } = useQuery({
    queryKey: ['payment', id],
    queryFn: ({ signal }) => call('readPayment', { params: { id }, accessToken: tokenOf(id), signal }),
    staleTime: 0,
  })
  if (error && !payment) return <FailedPage error={error} retry={() => void refetch()} />
  if (!payment) return <Waiting />
  if (payment.status === 'succeeded') return <Redirect to={`/bookings/${payment.bookingId}`} />
  if (payment.status !== 'pending') return <Redirect to={checkoutOf(payment.bookingId)} />
  return <Bank payment={payment} />
}

function Bank({ payment }: { readonly payment: Payment }) {
  const { t, money } = useWords()
  const queries = useQueryClient()
  const answer = useMutation({
    mutationFn: (outcome: Outcome) => {
      const key = keyFor(`confirm ${payment.id}`, outcome)
      const input = { params: { id: payment.id }, body: { outcome }, accessToken: tokenOf(payment.id) }
      return call('confirmPayment', { ...input, idempotencyKey: key })
    },
    onSuccess: async (settled) => {
      await queries.invalidateQueries({ queryKey: ['booking', payment.bookingId] })
      if (settled.status === 'succeeded') {
        writeStored(`just-paid.${payment.bookingId}`, true)
        navigate(`/bookings/${payment.bookingId}`, { replace: true })
      } else if (settled.status === 'failed') {
        navigate(`${checkoutOf(payment.bookingId)}?payment=declined`, { replace: true })
      }
    },
  })
  const isUnanswered = answer.data?.status === 'pending'
  const isOver = isRefused(answer.error, 'booking_expired', 'payment_not_confirmable')
  return (
    <div className="page grid max-w-xl gap-6 py-10">
      <title>{t('test_payment')}</title>
      <h1 className="marquee text-5xl">{t('test_payment')}</h1>
      <p className="text-soft">{t('test_payment_text')}</p>
      <div className="panel grid gap-5 p-6">
        <p className="flex items-baseline justify-between">
          <span className="label">{t('to_pay')}</span>
          <b className="marquee text-5xl">{money(payment.amount)}</b>
        </p>
        {isUnanswered && (
          <Notice title={t('no_answer_title')}>
            <p>{t('no_answer_text')}</p>
          </Notice>
        )}
        {answer.error && (
          <Refused
            error={answer.error}
            act={
              isOver
                ? () => navigate(checkoutOf(payment.bookingId))
                : () => answer.mutate(answer.variables ?? 'succeed')
            }
          />
        )}
        <div className="grid gap-3">
          {outcomes.map((outcome) => (
            <button
              key={outcome}
              type="button"
              className={`button ${outcome === 'succeed' ? 'button-main' : ''}`}
              disabled={answer.isPending}
              onClick={() => answer.mutate(outcome)}
            >
              {t(`outcome_${outcome}`)}
            </button>
          ))}
        </div>
      </div>
      <Link href={checkoutOf(payment.bookingId)} className="quiet-link justify-self-start">
        {t('back_to_checkout')}
      </Link>
    </div>
  )
}

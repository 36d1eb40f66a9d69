import { useLayoutEffect } from 'react'
import type { ReactNode } from 'react'
import { failureCode } from '../api.ts'
import { nextSteps } from '../messages/next-steps.ts'
import { useRefusals } from '../messages/refusals.ts'
import { useWords } from '../messages/locale.tsx'
import { keepFirstLook } from './first-look.ts'
import { Link } from './router.tsx'

export function Waiting() {
  const { t } = useWords()
  useLayoutEffect(keepFirstLook, [])
  return (
    <output className="page block min-h-dvh py-16">
      {/* A page without a heading would have nothing for whoever goes from heading to heading. */}
      <h1 className="animate-pulse text-soft">{t('loading')}</h1>
    </output>
  )
}

/** A part of a page that is still read: the page has its heading. */
export function PartWaiting() {
  const { t } = useWords()
  return <output className="block animate-pulse py-8 text-soft">{t('loading')}</output>
}

export function NotFound() {
  const { t } = useWords()
  return (
    <div className="page py-16">
      <title>{t('not_found_title')}</title>
      <h1 className="marquee text-6xl">{t('not_found_title')}</h1>
      <p className="mt-4 max-w-prose text-soft">{t('not_found_text')}</p>
      <Link href="/" className="button button-main mt-6">
        {t('to_programme')}
      </Link>
    </div>
  )
}

/** A page that could not be read at all: what happened, and the way on. */
export function FailedPage({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  const { t } = useWords()
  const code = failureCode(error)
  const sentence = useRefusals()(code)
  if (code === 'not_found') return <NotFound />
  return (
    <div className="page py-16">
      <title>{t('broken_title')}</title>
      <h1 className="marquee text-5xl">{t('failed_title')}</h1>
      <p className="mt-4 max-w-prose text-soft">{sentence}</p>
      <button type="button" className="button button-main mt-6" onClick={retry}>
        {t('step_again')}
      </button>
    </div>
  )
}

/** Where something will stand and nothing does yet: that it is so, and what to do. */
export function Empty({ children }: { readonly children: ReactNode }) {
  return <p className="panel max-w-prose p-6 text-soft">{children}</p>
}

/** Something to know before going on; `alert` is read out at once. */
export function Notice({
  tone = 'plain',
  title,
  children,
}: {
  readonly tone?: 'plain' | 'bad' | 'good'
  readonly title: string
  readonly children?: ReactNode
}) {
  const edge = { plain: 'border-edge', bad: 'border-accent', good: 'border-good' }[tone]
  return (
    <div role={tone === 'bad' ? 'alert' : 'status'} className={`panel border-s-4 p-4 ${edge}`}>
      <p className="font-semibold">{title}</p>
      {children && <div className="mt-1 grid justify-items-start gap-3 text-soft">{children}</div>}
    </div>
  )
}

interface RefusedProps {
  readonly error: unknown
  /** Does the step when it is one of the page's own, whatever was refused. */
  readonly act?: (() => void) | undefined
  /** Does the same again: offered where that may go through. */
  readonly retry?: (() => void) | undefined
  readonly children?: ReactNode
}

/** A refusal in words, and its one next step. */
export function Refused({ error, act, retry, children }: RefusedProps) {
  const { t } = useWords()
  const code = failureCode(error)
  const sentence = useRefusals()(code)
  const { label, href, isRetry, isReload } = nextSteps[code]
  // Signing in leads back to where it was needed.
  const to = code === 'unauthenticated' ? `${href}?next=${encodeURIComponent(location.pathname)}` : href
  const press = act ?? (isRetry ? retry : isReload ? () => location.reload() : undefined)
  return (
    <Notice tone="bad" title={sentence}>
      {children}
      {to !== undefined ? (
        <Link href={to} className="button">
          {t(label)}
        </Link>
      ) : press ? (
        <button type="button" className="button" onClick={press}>
          {t(label)}
        </button>
      ) : (
        <p>{t(label)}</p>
      )}
    </Notice>
  )
}

/** What a query tells of itself. */
interface Reading {
  readonly error: unknown
  readonly refetch: () => unknown
}

/** What a mutation tells of itself. */
type Act<Variables> =
  | { readonly status: 'idle' | 'pending' | 'success' }
  | {
      readonly status: 'error'
      readonly error: unknown
      readonly variables: Variables
      readonly mutate: (variables: Variables) => void
    }

/** Why a query or a mutation failed, if it did, and the way to try it again. */
export function Failed<Variables>({ of }: { readonly of: Reading | Act<Variables> }) {
  if ('refetch' in of) return of.error ? <Refused error={of.error} retry={() => void of.refetch()} /> : null
  return of.status === 'error' && <Refused error={of.error} retry={() => of.mutate(of.variables)} />
}

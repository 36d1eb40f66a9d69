import { useAccountWords } from './words/index.ts'
import { Link } from '../ui/router.tsx'
import { OneThing } from './Card.tsx'

/** After an account was closed. */
export function ClosedPage() {
  const { t } = useAccountWords()
  return (
    <OneThing title={t('closed_title')}>
      <p className="text-soft">{t('closed_text')}</p>
      <Link href="/" className="button button-main justify-self-start">
        {t('to_programme')}
      </Link>
    </OneThing>
  )
}

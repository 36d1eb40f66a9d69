import type { ManagementPageProps } from '../pages.tsx'
import { Link } from '../../ui/router.tsx'
import { Promotions } from './Promotions.tsx'
import { Vouchers } from './Vouchers.tsx'
import { useOfferWords } from './words/index.ts'
// oxlint-disable-next-line import/no-unassigned-import -- a style sheet has no name
import './offers.css'

/** `/manage/offers` has the promo codes, `/manage/offers/vouchers` the vouchers. */
export function OffersPage({ theatre, rest }: ManagementPageProps) {
  const { t } = useOfferWords()
  const isVouchers = rest === 'vouchers'
  return (
    <section>
      <title>{t('offers')}</title>
      <h1 className="marquee text-[clamp(2.5rem,7vw,4.5rem)]">{t('offers')}</h1>
      <nav className="switch mb-5 mt-3 w-fit ms-0!" aria-label={t('offers')}>
        <Link href="/manage/offers" aria-current={isVouchers ? undefined : 'page'}>
          {t('promotions')}
        </Link>
        <Link href="/manage/offers/vouchers" aria-current={isVouchers ? 'page' : undefined}>
          {t('vouchers')}
        </Link>
      </nav>
      {isVouchers ? <Vouchers theatre={theatre} /> : <Promotions theatre={theatre} />}
    </section>
  )
}

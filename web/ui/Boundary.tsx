import { Component } from 'react'
import type { ReactNode } from 'react'
import { useWords } from '../messages/locale.tsx'

function Broken() {
  const { t } = useWords()
  return (
    <div className="page py-16">
      <h1 className="marquee text-5xl">{t('broken_title')}</h1>
      <p className="mt-4 max-w-prose text-soft">{t('broken_text')}</p>
      <button type="button" className="button button-main mt-6" onClick={() => location.reload()}>
        {t('reload')}
      </button>
    </div>
  )
}

/** What is left of a page that has a bug: a way on. */
export class Boundary extends Component<{ readonly children: ReactNode }, { readonly isBroken: boolean }> {
  override state = { isBroken: false }

  static getDerivedStateFromError() {
    return { isBroken: true }
  }

  override render() {
    return this.state.isBroken ? <Broken /> : this.props.children
  }
}

import { useId } from 'react'
import type { FormEvent, ReactNode } from 'react'

interface CardProps {
  readonly title: string
  readonly children: ReactNode
}

/** One matter of the account. */
export function Card({ title, children }: CardProps) {
  const id = useId()
  return (
    <section aria-labelledby={id} className="grid content-start gap-4 border-t border-line pt-6">
      <h2 id={id} className="text-2xl font-bold">
        {title}
      </h2>
      {children}
    </section>
  )
}

/** A page with one thing to do on it, as the links of mails lead to. */
export function OneThing({ title, children }: CardProps) {
  return (
    <div className="page grid max-w-xl gap-5 py-10 sm:py-16">
      <title>{title}</title>
      <h1 className="marquee text-5xl sm:text-6xl">{title}</h1>
      {children}
    </div>
  )
}

/** What a form does when it is sent: once, and never to another page. */
export function sends(act: { readonly isPending: boolean; readonly mutate: () => void }) {
  return (event: FormEvent) => {
    event.preventDefault()
    if (!act.isPending) act.mutate()
  }
}

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import type { TicketType } from '../../../contract/prices.ts'
import { call } from '../../api.ts'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form, SelectField, fieldProblems } from '../../ui/form.tsx'
import { ticketTypesQuery } from './queries.ts'
import { usePriceWords } from './words/index.ts'

interface TicketTypeDialogProps {
  readonly theatreId: string
  readonly types: readonly TicketType[]
  /** The one to change; without, a new one. */
  readonly type?: TicketType
  readonly close: () => void
}

interface Draft {
  readonly name: string
  readonly proof: string
  readonly most: string
  readonly beside: string
  readonly ratio: string
  readonly web: boolean
  readonly counter: boolean
}

function draftOf(type: TicketType | undefined): Draft {
  return {
    name: type?.name ?? '',
    proof: type?.proof ?? '',
    most: String(type?.maxPerBooking ?? ''),
    beside: type?.requires?.ticketType ?? '',
    ratio: String(type?.requires?.ratio ?? 1),
    web: type?.channels?.includes('web') ?? true,
    counter: type?.channels?.includes('counter') ?? true,
  }
}

/** `Under 26s` → `under-26s`: how the API names a type for ever. */
export function keyOfName(name: string): string {
  const plain = name.normalize('NFKD').replaceAll(/\p{M}/gu, '').toLowerCase()
  return (
    plain
      .replaceAll(/[^a-z0-9]+/g, '-')
      .replaceAll(/^-+|-+$/g, '')
      .slice(0, 40) || 'type'
  )
}

function fieldsOf({ name, proof, most, beside, ratio, web, counter }: Draft) {
  return {
    name: name.trim(),
    proof: proof.trim() === '' ? null : proof.trim(),
    maxPerBooking: most === '' ? null : Number(most),
    requires: beside === '' ? null : { ticketType: beside, ratio: Math.max(1, Number(ratio)) },
    channels: web && counter ? null : web ? ['web' as const] : ['counter' as const],
  }
}

/** A new type says only what it has. */
function withoutNulls(fields: object) {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null))
}

function useSave({ theatreId, type, close }: TicketTypeDialogProps, draft: Draft) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: async () => {
      const fields = fieldsOf(draft)
      const params = { id: theatreId }
      if (type) return await call('updateTicketType', { params: { ...params, ticketTypeId: type.key }, body: fields })
      const body = { key: keyOfName(draft.name), name: fields.name, ...withoutNulls(fields) }
      return await call('createTicketType', { params, body })
    },
    onSuccess: async () => {
      await queries.invalidateQueries({ queryKey: ticketTypesQuery(theatreId).queryKey })
      close()
    },
  })
}

export function TicketTypeDialog(props: TicketTypeDialogProps) {
  const { types, type, close } = props
  const { t, tOr } = usePriceWords()
  const [draft, setDraft] = useState(() => draftOf(type))
  const set = (part: Partial<Draft>) => setDraft({ ...draft, ...part })
  const save = useSave(props, draft)
  const problem = fieldProblems(save.error)
  const others = types.filter(({ key }) => key !== type?.key)
  const bind = (name: 'name' | 'proof' | 'most' | 'ratio') => ({
    value: draft[name],
    onChange: (value: string) => set({ [name]: value }),
  })
  return (
    <Dialog title={type ? tOr(`type_${type.key}`, type.name) : t('add_type')} close={close}>
      <Form submit={() => save.mutate()} isBusy={save.isPending} error={save.error}>
        <Field label={t('name')} required maxLength={100} {...bind('name')} problem={problem('/name')} />
        <Field
          label={t('proof')}
          hint={t('proof_hint')}
          maxLength={200}
          {...bind('proof')}
          problem={problem('/proof')}
        />
        <Field
          label={t('most')}
          hint={t('most_hint')}
          type="number"
          min={1}
          max={1000}
          {...bind('most')}
          problem={problem('/maxPerBooking')}
        />
        <div className="pair">
          <SelectField
            label={t('only_beside')}
            value={draft.beside}
            options={[['', t('alone_too')], ...others.map(({ key, name }) => [key, tOr(`type_${key}`, name)] as const)]}
            onChange={(beside) => set({ beside })}
            problem={problem('/requires')}
          />
          {draft.beside !== '' && (
            <Field label={t('ratio')} type="number" min={1} max={100} required {...bind('ratio')} />
          )}
        </div>
        <SoldAt draft={draft} set={set} />
      </Form>
    </Dialog>
  )
}

interface SoldAtProps {
  readonly draft: Draft
  readonly set: (part: Partial<Draft>) => void
}

/** On the web, at the counter, or both: at one of them at least. */
function SoldAt({ draft, set }: SoldAtProps) {
  const { t } = usePriceWords()
  const isLast = !(draft.web && draft.counter)
  return (
    <fieldset>
      <legend className="font-semibold">{t('sold_at')}</legend>
      {(['web', 'counter'] as const).map((channel) => (
        <label key={channel} className="check">
          <input
            type="checkbox"
            checked={draft[channel]}
            disabled={draft[channel] && isLast}
            onChange={(event) => set({ [channel]: event.target.checked })}
          />
          {t(`channel_${channel}`)}
        </label>
      ))}
    </fieldset>
  )
}

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useRef, useState } from 'react'
import type { WebhookEndpoint } from '../../../contract/events.ts'
import { call } from '../../api.ts'
import { CopyButton } from '../../ui/CopyButton.tsx'
import { Dialog } from '../../ui/Dialog.tsx'
import { Field } from '../../ui/Field.tsx'
import { Form, fieldProblems } from '../../ui/form.tsx'
import { Empty, Failed, PartWaiting } from '../../ui/states.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import type { ManagementPageProps } from '../pages.tsx'
import { Deliveries } from './Deliveries.tsx'
import { useSettingsWords } from './words/index.ts'

type EventType = NonNullable<WebhookEndpoint['events']>[number]
/** Source: contract/events.ts, without the schemas. */
const eventTypes: readonly EventType[] = [
  'booking.confirmed',
  'booking.cancelled',
  'booking.expired',
  'payment.refunded',
  'showtime.cancelled',
  'ticket.checked_in',
]

const endpointsKey = ['webhook-endpoints']

/** Other systems that hear what happens. */
export function Webhooks({ theatre }: ManagementPageProps) {
  const { t } = useSettingsWords()
  const [open, setOpen] = useState<WebhookEndpoint | 'new' | null>(null)
  const [shown, setShown] = useState<string | null>(null)
  const found = useQuery({
    queryKey: endpointsKey,
    queryFn: async ({ signal }) => (await call('listWebhookEndpoints', { query: { limit: 100 }, signal })).data,
  })
  if (found.error) return <Failed of={found} />
  if (!found.data) return <PartWaiting />
  return (
    <div className="grid gap-4">
      <div className="house-head">
        <p className="max-w-prose text-soft">{t('webhooks_text')}</p>
        <button type="button" className="button button-main ms-auto" onClick={() => setOpen('new')}>
          {t('add_endpoint')}
        </button>
      </div>
      {found.data.length === 0 && <Empty>{t('no_endpoints')}</Empty>}
      <ul className="grid gap-3">
        {found.data.map((endpoint) => (
          <li key={endpoint.id} className="endpoint">
            <EndpointHead endpoint={endpoint} edit={() => setOpen(endpoint)} />
            <button
              type="button"
              className="quiet-link justify-self-start"
              aria-expanded={shown === endpoint.id}
              onClick={() => setShown(shown === endpoint.id ? null : endpoint.id)}
            >
              {t('deliveries')}
            </button>
            {shown === endpoint.id && <Deliveries endpointId={endpoint.id} timeZone={theatre.timeZone} />}
          </li>
        ))}
      </ul>
      {open !== null && <EndpointDialog {...(open !== 'new' && { endpoint: open })} close={() => setOpen(null)} />}
    </div>
  )
}

function EndpointHead({ endpoint, edit }: { readonly endpoint: WebhookEndpoint; readonly edit: () => void }) {
  const { t } = useSettingsWords()
  const house = useHouseWords()
  const queries = useQueryClient()
  const params = { id: endpoint.id }
  const onSuccess = () => queries.invalidateQueries({ queryKey: endpointsKey })
  const turn = useMutation({
    mutationFn: () =>
      call('updateWebhookEndpoint', { params, body: { status: endpoint.status === 'active' ? 'disabled' : 'active' } }),
    onSuccess,
  })
  const remove = useMutation({ mutationFn: () => call('deleteWebhookEndpoint', { params }), onSuccess })
  const named = (word: string) => ({ 'aria-label': `${word}: ${endpoint.url}` })
  const turnWord = t(endpoint.status === 'active' ? 'turn_off' : 'turn_on')
  return (
    <div className="grid gap-2">
      <p className="break-all text-lg font-bold">{endpoint.url}</p>
      <p className="text-soft">
        {endpoint.events === null ? t('every_event') : endpoint.events.join(', ')} ·{' '}
        {endpoint.status === 'active' ? t('is_on') : (endpoint.disabledReason ?? t('is_off'))}
      </p>
      <div className="acts mt-0">
        <button type="button" className="act" {...named(house.t('edit'))} onClick={edit}>
          {house.t('edit')}
        </button>
        <button type="button" className="act" {...named(turnWord)} onClick={() => turn.mutate()}>
          {turnWord}
        </button>
        <button type="button" className="act" {...named(house.t('delete'))} onClick={() => remove.mutate()}>
          {house.t('delete')}
        </button>
      </div>
      <Failed of={turn} />
      <Failed of={remove} />
    </div>
  )
}

interface EndpointDialogProps {
  readonly endpoint?: WebhookEndpoint
  readonly close: () => void
}

/** An address and what it hears; the secret of a new one is shown once. */
function EndpointDialog({ endpoint, close }: EndpointDialogProps) {
  const { t } = useSettingsWords()
  const queries = useQueryClient()
  const [url, setUrl] = useState(endpoint?.url ?? '')
  const [events, setEvents] = useState<readonly EventType[]>(endpoint?.events ?? [])
  const save = useMutation({
    mutationFn: async () => {
      const body = { url: url.trim(), events: events.length === 0 ? null : [...events] }
      if (endpoint) return await call('updateWebhookEndpoint', { params: { id: endpoint.id }, body })
      return await call('createWebhookEndpoint', { body })
    },
    onSuccess: async ({ secret }) => {
      await queries.invalidateQueries({ queryKey: endpointsKey })
      if (secret === undefined) close()
    },
  })
  const secret = save.data?.secret
  const problem = fieldProblems(save.error)
  if (secret !== undefined) return <Secret secret={secret} close={close} />
  return (
    <Dialog title={endpoint ? t('endpoint') : t('add_endpoint')} close={close}>
      <Form submit={() => save.mutate()} isBusy={save.isPending} error={save.error}>
        <Field
          label={t('address_of')}
          type="url"
          required
          maxLength={2000}
          placeholder="https://"
          value={url}
          onChange={setUrl}
          problem={problem('/url')}
        />
        <fieldset>
          <legend className="font-semibold">{t('hears')}</legend>
          <p className="text-sm text-soft">{t('hears_hint')}</p>
          {eventTypes.map((type) => (
            <label key={type} className="check">
              <input
                type="checkbox"
                checked={events.includes(type)}
                onChange={() => setEvents(eventTypes.filter((each) => (each === type) !== events.includes(each)))}
              />
              {type}
            </label>
          ))}
        </fieldset>
      </Form>
    </Dialog>
  )
}

/** Shown once, to take along. */
function Secret({ secret, close }: { readonly secret: string; readonly close: () => void }) {
  const { t } = useSettingsWords()
  const shown = useRef<HTMLElement>(null)
  return (
    <Dialog title={t('secret')} close={close}>
      <p className="mb-3">{t('secret_text')}</p>
      <code ref={shown} className="secret">
        {secret}
      </code>
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <CopyButton text={secret} shown={shown} />
      </div>
    </Dialog>
  )
}

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { call } from '../api.ts'
import { useAccountWords } from './words/index.ts'
import { Confirm } from '../ui/Confirm.tsx'
import { navigate } from '../ui/router.tsx'
import { saveAs } from '../ui/save-as.ts'
import { Failed } from '../ui/states.tsx'
import { Card } from './Card.tsx'
import { leave } from './leave.ts'
import type { Me } from './SettingsPage.tsx'

/** Taking everything along, and going for good. */
export function DataSection({ me }: { readonly me: Me }) {
  const { t } = useAccountWords()
  const queries = useQueryClient()
  const take = useMutation({
    mutationFn: () => call('exportMe', {}),
    onSuccess: (data) =>
      saveAs(`matinee-${me.id}.json`, new Blob([JSON.stringify(data, null, 2)], { type: 'application/json' })),
  })
  const close = useMutation({
    mutationFn: () => call('deleteMe', {}),
    onSuccess: () => {
      leave(queries)
      navigate('/account/closed', { replace: true })
    },
  })
  return (
    <Card title={t('data_title')}>
      <p className="text-soft">{t('export_text')}</p>
      <Failed of={take} />
      <button
        type="button"
        className="button justify-self-start"
        disabled={take.isPending}
        onClick={() => take.mutate()}
      >
        {t('export')}
      </button>
      <p className="mt-2 text-soft">{t('close_text')}</p>
      <Confirm label={t('close')} question={t('close_question')} yes={t('close_now')} no={t('keep_it')} act={close}>
        <p>{t('close_warning')}</p>
      </Confirm>
    </Card>
  )
}

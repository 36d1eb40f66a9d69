import { queryOptions, useMutation, useQueryClient } from '@tanstack/react-query'
import type { SettingsPatch } from '../../../contract/venues.ts'
import { call } from '../../api.ts'
import { useToast } from '../../ui/toast.tsx'
import { useHouseWords } from '../../ui/words/index.ts'
import { myTheatresQuery } from '../theatres.ts'

export function settingsQuery(theatreId: string) {
  return queryOptions({
    queryKey: ['settings', theatreId],
    queryFn: ({ signal }) => call('getSettings', { params: { id: theatreId }, signal }),
  })
}

/** Saves a part of the settings; everything that shows the theatre hears of it. */
export function useSaveSettings(theatreId: string) {
  const queries = useQueryClient()
  const toast = useToast()
  const { t } = useHouseWords()
  return useMutation({
    mutationFn: (body: SettingsPatch) => call('updateSettings', { params: { id: theatreId }, body }),
    onSuccess: async (settings) => {
      queries.setQueryData(settingsQuery(theatreId).queryKey, settings)
      await queries.invalidateQueries({ queryKey: myTheatresQuery.queryKey })
      await queries.invalidateQueries({ queryKey: ['theatre', theatreId] })
      await queries.invalidateQueries({ queryKey: ['showtime'] })
      toast({ text: t('saved') })
    },
  })
}

import { useMutation } from '@tanstack/react-query'
import { useRef } from 'react'
import type { ChangeEvent } from 'react'
import type { Layout, LayoutInput } from '../../../contract/layouts.ts'
import { RefusedCall } from '../../../contract/client.ts'
import { maximumCurve } from '../../../contract/seating.ts'
import { call } from '../../api.ts'
import { Field } from '../../ui/Field.tsx'
import { Failed, Refused } from '../../ui/states.tsx'
import { wholeOf } from './DrawRows.tsx'
import * as edit from './edit-plan.ts'
import { emptyPlan, extentOf } from './plan.ts'
import type { Editor } from './use-editor.ts'
import { useHallWords } from './words/index.ts'

/** Numbered seats or free seating, how the rows bow, and what empty lines there are. */
export function HallPanel({ editor }: { readonly editor: Editor }) {
  const { t } = useHallWords()
  const { layout, plan } = editor
  const isGeneral = layout.seating === 'general'
  return (
    <div className="grid gap-4">
      <fieldset className="grid gap-2">
        <legend className="label">{t('seating')}</legend>
        <label className="check">
          <input type="radio" name="seating" checked={!isGeneral} onChange={() => editor.set(emptyPlan)} />
          {t('seating_reserved')}
        </label>
        <label className="check">
          <input
            type="radio"
            name="seating"
            checked={isGeneral}
            onChange={() => editor.set({ seating: 'general', capacity: Math.max(1, editor.capacity) })}
          />
          {t('seating_general')}
        </label>
      </fieldset>
      {isGeneral ? (
        <Field
          label={t('capacity')}
          type="number"
          min={1}
          max={100_000}
          value={String(layout.capacity)}
          onChange={(capacity) => editor.set({ seating: 'general', capacity: wholeOf(capacity, 1, 100_000) })}
        />
      ) : (
        <>
          <label className="grid gap-1">
            <span className="font-semibold">{t('curve')}</span>
            <input
              type="range"
              min={0}
              max={maximumCurve}
              value={plan.curve ?? 0}
              onChange={(event) => editor.edit((now) => edit.bend(now, Number(event.target.value)))}
            />
          </label>
          <button type="button" className="act" onClick={() => editor.edit(closeUp)}>
            {t('close_up')}
          </button>
        </>
      )}
    </div>
  )
}

/** Moves the hall into its corner: nothing stays empty before its first seat. */
function closeUp(plan: Layout & { seating: 'reserved' }) {
  const { firstLine, firstColumn } = extentOf(plan)
  const rows = plan.rows.map((row) => ({
    ...row,
    line: row.line - firstLine + 1,
    seats: row.seats.map((seat) => ({ ...seat, column: seat.column - firstColumn + 1 })),
  }))
  return { ...plan, rows }
}

/** Hands the browser a file to keep. */
export function download(name: string, content: unknown): void {
  const file = new Blob([JSON.stringify(content, null, 2)], { type: 'application/json' })
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = name
  link.click()
  URL.revokeObjectURL(link.href)
}

/** What is in a file: a layout, a hall with one, or a pretix plan; the house judges it. */
async function readFile(file: File): Promise<LayoutInput> {
  const content = JSON.parse(await file.text())
  return content?.layout ?? content
}

/** Reading a file: the house converts whatever format it has, and says what is wrong with it. */
export function useImport(editor: Editor) {
  return useMutation({
    mutationFn: async (file: File) => await call('convertLayout', { body: await readFile(file) }),
    onSuccess: (layout) => {
      if ('seating' in layout) editor.set(layout)
    },
  })
}

interface FilePanelProps {
  readonly editor: Editor
  readonly name: string
  readonly reading: ReturnType<typeof useImport>
}

/** Plans from files and into files, in our format and in that of pretix. */
export function FilePanel({ editor, name, reading }: FilePanelProps) {
  const { t } = useHallWords()
  const input = useRef<HTMLInputElement>(null)
  const exporting = useMutation({
    mutationFn: () => call('convertLayout', { body: editor.layout, query: { format: 'pretix', name } }),
    onSuccess: (plan) => download(`${name}.pretix.json`, plan),
  })
  const choose = (event: ChangeEvent<HTMLInputElement>) => {
    const file = event.target.files?.[0]
    if (file) reading.mutate(file)
    event.target.value = ''
  }
  return (
    <div className="grid gap-3">
      <p className="text-sm text-soft">{t('file_hint')}</p>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        className="sr-only"
        tabIndex={-1}
        aria-label={t('import')}
        onChange={choose}
      />
      <div className="acts">
        <button type="button" className="act" onClick={() => input.current?.click()}>
          {t('import')}
        </button>
        <button type="button" className="act" onClick={() => download(`${name}.json`, editor.layout)}>
          {t('export_json')}
        </button>
        <button
          type="button"
          className="act"
          disabled={editor.hasErrors || exporting.isPending}
          onClick={() => exporting.mutate()}
        >
          {t('export_pretix')}
        </button>
      </div>
      {reading.error && <WrongFile error={reading.error} />}
      <Failed of={exporting} />
    </div>
  )
}

/** A file that is no plan, with each thing that is wrong and its place. */
function WrongFile({ error }: { readonly error: Error }) {
  const { t } = useHallWords()
  if (error instanceof SyntaxError)
    return (
      <p role="alert" className="font-semibold text-accent">
        {t('no_json')}
      </p>
    )
  const problems = error instanceof RefusedCall ? (error.problem.errors ?? []) : []
  return (
    <Refused error={error}>
      <ul className="list-disc ps-5 text-sm">
        {problems.slice(0, 8).map(({ path, message }) => (
          <li key={`${path} ${message}`}>
            <code>{path}</code> {message}
          </li>
        ))}
      </ul>
    </Refused>
  )
}

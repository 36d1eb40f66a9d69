import { useState } from 'react'
import { Field } from '../../ui/Field.tsx'
import { CategoryField, KindField } from './EditorTools.tsx'
import { NumberingFields } from './DrawRows.tsx'
import * as edit from './edit-plan.ts'
import type { Numbering } from './numbering.ts'
import { numberingOf } from './numbering.ts'
import { categoriesOf, placeOf, seatsOf } from './plan.ts'
import type { Plan } from './plan.ts'
import type { Editor } from './use-editor.ts'
import { useHallWords } from './words/index.ts'

/** What can be done with the seats that are chosen. */
export function SelectionPanel({ editor }: { readonly editor: Editor }) {
  const { t } = useHallWords()
  const { selection, edit: change } = editor
  const count = selection.size
  if (count === 0) return <p className="text-soft">{t('choose_first')}</p>
  return (
    <div className="grid gap-4">
      <p className="text-lg font-bold">{t('seats_chosen', { count })}</p>
      <PaintChosen editor={editor} />
      <div className="acts">
        <button type="button" className="act" onClick={() => change((now) => edit.joinSofas(now, selection, 2))}>
          {t('join_two')}
        </button>
        <button type="button" className="act" onClick={() => change((now) => edit.joinSofas(now, selection, 3))}>
          {t('join_three')}
        </button>
        <button type="button" className="act" onClick={() => change((now) => edit.splitSofas(now, selection))}>
          {t('split_sofas')}
        </button>
      </div>
      <MoveChosen editor={editor} />
      <AislesBeside editor={editor} />
      <RowsChosen editor={editor} />
      <button
        type="button"
        className="act act-danger"
        onClick={() => change((now) => edit.removeSeats(now, selection))}
      >
        {t('remove_seats', { count })}
      </button>
    </div>
  )
}

/** Moves the chosen seats where there is room; they stay chosen. */
export function moveChosen(editor: Editor, down: number, right: number): void {
  const { plan, selection } = editor
  const moved = edit.moveSeats(plan, selection, down, right)
  if (moved === plan) return
  const chosen = seatsOf(plan).filter((placed) => selection.has(placeOf(placed)))
  editor.set(moved)
  editor.select(
    new Set(
      chosen.map(({ line, column, rowIndex }) =>
        placeOf({ line: line + (rowIsChosen(editor, rowIndex) ? down : 0), column: column + right }),
      ),
    ),
  )
}

function MoveChosen({ editor }: { readonly editor: Editor }) {
  const { t } = useHallWords()
  const ways = [
    ['←', t('move_left'), 0, -1],
    ['→', t('move_right'), 0, 1],
    ['↑', t('move_front'), -1, 0],
    ['↓', t('move_back'), 1, 0],
  ] as const
  return (
    <fieldset className="acts">
      <legend className="label">{t('move')}</legend>
      {ways.map(([arrow, label, down, right]) => (
        <button
          key={arrow}
          type="button"
          className="act act-square"
          aria-label={label}
          onClick={() => moveChosen(editor, down, right)}
        >
          {arrow}
        </button>
      ))}
    </fieldset>
  )
}

/** Makes room beside, before or behind what is chosen. */
function AislesBeside({ editor: { plan, selection, edit: change } }: { readonly editor: Editor }) {
  const { t } = useHallWords()
  const chosen = seatsOf(plan).filter((placed) => selection.has(placeOf(placed)))
  const columns = chosen.map(({ column }) => column)
  const lines = chosen.map(({ line }) => line)
  const ways = [
    [t('aisle_left'), (now: Plan) => edit.insertColumn(now, Math.min(...columns))],
    [t('aisle_right'), (now: Plan) => edit.insertColumn(now, Math.max(...columns) + 1)],
    [t('gap_front'), (now: Plan) => edit.insertLine(now, Math.min(...lines))],
    [t('gap_back'), (now: Plan) => edit.insertLine(now, Math.max(...lines) + 1)],
  ] as const
  return (
    <fieldset className="acts">
      <legend className="label">{t('aisles')}</legend>
      {ways.map(([label, make]) => (
        <button key={label} type="button" className="act" onClick={() => change(make)}>
          {label}
        </button>
      ))}
    </fieldset>
  )
}

function rowIsChosen({ plan, selection }: Editor, rowIndex: number): boolean {
  const row = plan.rows[rowIndex]
  return row?.seats.every((seat) => selection.has(placeOf({ line: row.line, column: seat.column }))) ?? false
}

/** Gives the chosen seats another category and kind; each shows what they have now. */
function PaintChosen({ editor: { plan, selection, edit: change } }: { readonly editor: Editor }) {
  const { t } = useHallWords()
  const first = seatsOf(plan).find((placed) => selection.has(placeOf(placed)))?.seat
  const [typed, setTyped] = useState<string | null>(null)
  if (!first) return null
  const category = typed ?? first.category
  return (
    <div className="pair">
      <form
        onSubmit={(event) => {
          event.preventDefault()
          const wanted = category.trim()
          if (wanted !== '') change((now) => edit.paint(now, selection, { category: wanted }))
          setTyped(null)
        }}
        className="grid gap-2"
      >
        <CategoryField label={t('category')} plan={categoriesOf(plan)} value={category} change={setTyped} />
        {typed !== null && typed !== first.category && (
          <button type="submit" className="act">
            {t('apply')}
          </button>
        )}
      </form>
      <KindField
        label={t('kind')}
        value={first.kind}
        change={(kind) => change((now) => edit.paint(now, selection, { kind }))}
      />
    </div>
  )
}

/** Numbers and names of the rows that have a chosen seat. */
function RowsChosen({ editor: { plan, selection, edit: change } }: { readonly editor: Editor }) {
  const { t } = useHallWords()
  const rows = edit.rowsOf(plan, selection)
  const [firstIndex = 0] = rows
  const row = plan.rows[firstIndex]
  const found = numberingOf(row?.seats.map(({ number }) => number) ?? [])
  const [numbering, setNumbering] = useState<Numbering>(found ?? { first: 1, from: 'left', steps: 'all' })
  const [label, setLabel] = useState<string | null>(null)
  const isStaggered = [...rows].every((index) => plan.rows[index]?.stagger === true)
  return (
    <details className="fold">
      <summary>{t('rows_chosen', { count: rows.size })}</summary>
      <div className="grid gap-4 pt-3">
        <NumberingFields numbering={numbering} change={setNumbering} />
        <button type="button" className="act" onClick={() => change((now) => edit.renumber(now, rows, numbering))}>
          {t('renumber')}
        </button>
        <div className="pair items-end">
          <Field label={t('row_label')} maxLength={20} value={label ?? row?.label ?? ''} onChange={setLabel} />
          <button
            type="button"
            className="act"
            disabled={label === null || label.trim() === ''}
            onClick={() => {
              change((now) => edit.relabel(now, rows, label?.trim() ?? '', 'front', true))
              setLabel(null)
            }}
          >
            {t('relabel')}
          </button>
        </div>
        <label className="check">
          <input
            type="checkbox"
            checked={isStaggered}
            onChange={(event) => change((now) => edit.stagger(now, rows, event.target.checked))}
          />
          {t('stagger')}
        </label>
      </div>
    </details>
  )
}

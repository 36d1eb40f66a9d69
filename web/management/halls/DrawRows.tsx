import { useState } from 'react'
import { Field } from '../../ui/Field.tsx'
import { SelectField } from '../../ui/form.tsx'
import { drawRows } from './draw-rows.ts'
import type { RowsToDraw } from './draw-rows.ts'
import { labelAfter } from './numbering.ts'
import type { Numbering } from './numbering.ts'
import type { Plan } from './plan.ts'
import type { Editor } from './use-editor.ts'
import { useHallWords } from './words/index.ts'

/** A whole number in a field of text, kept within its limits. */
export function wholeOf(text: string, least: number, most: number): number {
  const value = Math.round(Number(text))
  return Number.isFinite(value) ? Math.min(Math.max(value, least), most) : least
}

interface Wish {
  readonly rows: string
  readonly seats: string
  readonly growth: string
  readonly firstLabel: string
  readonly labelsFrom: RowsToDraw['labelsFrom']
  readonly numbering: Numbering
  readonly aisles: string
  readonly gap: string
}

/** `4, 12`: the seats after which an aisle goes through. */
function aislesOf(text: string): number[] {
  return text.split(/[^0-9]+/).flatMap((part) => (part === '' ? [] : Number(part)))
}

function rowsOfWish(wish: Wish, category: string): RowsToDraw {
  return {
    rows: wholeOf(wish.rows, 1, 60),
    seats: wholeOf(wish.seats, 1, 80),
    growth: wholeOf(wish.growth, 0, 6),
    firstLabel: wish.firstLabel.trim() || 'A',
    labelsFrom: wish.labelsFrom,
    leavesOutLookalikes: true,
    numbering: wish.numbering,
    aislesAfter: aislesOf(wish.aisles),
    aisleColumns: 1,
    gapLines: wholeOf(wish.gap, 0, 5),
    category,
  }
}

function nextLabel(plan: Plan): string {
  const last = plan.rows.at(-1)?.label
  return last === undefined ? 'A' : labelAfter(last, true)
}

/** Draws a block of rows behind what is there. */
export function DrawRows({ editor }: { readonly editor: Editor }) {
  const { t } = useHallWords()
  const [wish, setWish] = useState<Wish>({
    rows: '5',
    seats: '12',
    growth: '0',
    firstLabel: nextLabel(editor.plan),
    labelsFrom: 'front',
    numbering: { first: 1, from: 'left', steps: 'all' },
    aisles: '',
    gap: '0',
  })
  const set = (part: Partial<Wish>) => setWish({ ...wish, ...part })
  const draw = () => {
    const drawn = drawRows(editor.plan, rowsOfWish(wish, editor.brush.category.trim() || 'standard'))
    editor.set(drawn)
    set({ firstLabel: nextLabel(drawn) })
  }
  const count = (name: 'rows' | 'seats' | 'growth' | 'gap', min: number, max: number) => ({
    type: 'number',
    min,
    max,
    inputMode: 'numeric' as const,
    value: wish[name],
    onChange: (value: string) => set({ [name]: value }),
  })
  return (
    <form
      className="grid gap-4"
      onSubmit={(event) => {
        event.preventDefault()
        draw()
      }}
    >
      <div className="pair">
        <Field label={t('rows')} {...count('rows', 1, 60)} />
        <Field label={t('seats_in_row')} {...count('seats', 1, 80)} />
      </div>
      <div className="pair">
        <Field
          label={t('first_label')}
          maxLength={20}
          value={wish.firstLabel}
          onChange={(firstLabel) => set({ firstLabel })}
        />
        <SelectField
          label={t('labels_from')}
          value={wish.labelsFrom}
          options={[
            ['front', t('from_front')],
            ['back', t('from_back')],
          ]}
          onChange={(value) => set({ labelsFrom: value === 'back' ? 'back' : 'front' })}
        />
      </div>
      <NumberingFields numbering={wish.numbering} change={(numbering) => set({ numbering })} />
      <Field label={t('aisles_after')} placeholder="4, 12" value={wish.aisles} onChange={(aisles) => set({ aisles })} />
      <div className="pair">
        <Field label={t('growth')} {...count('growth', 0, 6)} />
        <Field label={t('gap_before')} {...count('gap', 0, 5)} />
      </div>
      <button type="submit" className="button button-main">
        {t('draw_rows')}
      </button>
    </form>
  )
}

interface NumberingFieldsProps {
  readonly numbering: Numbering
  readonly change: (numbering: Numbering) => void
}

const ends = ['left', 'right'] as const
const steps = ['all', 'odd', 'even'] as const

/** First number, from which end, and which numbers. */
export function NumberingFields({ numbering, change }: NumberingFieldsProps) {
  const { t } = useHallWords()
  return (
    <div className="pair pair-three">
      <Field
        label={t('first_number')}
        type="number"
        min={0}
        max={9999}
        value={String(numbering.first)}
        onChange={(first) => change({ ...numbering, first: wholeOf(first, 0, 9999) })}
      />
      <SelectField
        label={t('from_end')}
        value={numbering.from}
        options={ends.map((end) => [end, t(`from_${end}`)] as const)}
        onChange={(value) => change({ ...numbering, from: ends.find((end) => end === value) ?? 'left' })}
      />
      <SelectField
        label={t('numbers')}
        value={numbering.steps}
        options={steps.map((step) => [step, t(`numbers_${step}`)] as const)}
        onChange={(value) => change({ ...numbering, steps: steps.find((step) => step === value) ?? 'all' })}
      />
    </div>
  )
}

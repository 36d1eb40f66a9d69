import { useEffect, useMemo, useState } from 'react'
import type { Auditorium } from '../../../contract/auditoriums.ts'
import type { Layout } from '../../../contract/layouts.ts'
import { readStored, writeStored } from '../../ui/stored.ts'
import { problemsOf } from './check-plan.ts'
import { compare } from './compare-plans.ts'
import type { Brush } from './edit-plan.ts'
import { begin, redo, take, undo } from './history.ts'
import type { History } from './history.ts'
import { emptyPlan, placeOf, seatCount, seatsOf } from './plan.ts'
import type { Place, Plan } from './plan.ts'

export type Tool = 'select' | 'add' | 'paint' | 'erase' | 'hand'

interface Draft {
  readonly version: number
  readonly layout: Layout
}

const draftName = (id: string) => `draft.${id}`

/** What was drawn and not saved when the page was left, as long as it was drawn on what is saved. */
function beginWith({ id, layoutVersion, layout }: Auditorium): History<Layout> {
  const draft = readStored<Draft | null>(draftName(id), null)
  const saved = begin(layout)
  return draft?.version === layoutVersion ? take(saved, draft.layout) : saved
}

const none: ReadonlySet<Place> = new Set()

/** The state of the layout editor. Nothing drawn is lost: a draft outlives the page until it is saved or undone. */
export function useEditor(hall: Auditorium) {
  const [history, setHistory] = useState(() => beginWith(hall))
  const [selection, setSelection] = useState(none)
  const [tool, setTool] = useState<Tool>('select')
  const [brush, setBrush] = useState<Required<Brush>>({ category: 'standard', kind: 'standard' })
  const layout = history.present
  const plan = layout.seating === 'reserved' ? layout : emptyPlan
  const difference = useMemo(() => compare(hall.layout, layout), [hall.layout, layout])
  const problems = useMemo(() => (layout.seating === 'reserved' ? problemsOf(layout) : []), [layout])
  const hasErrors = problems.some(({ weight }) => weight === 'error')
  useEffect(() => {
    const draft: Draft = { version: hall.layoutVersion, layout }
    writeStored(draftName(hall.id), difference.isSame ? null : draft)
  }, [hall.id, hall.layoutVersion, layout, difference.isSame])

  const standing = useMemo(() => new Set(seatsOf(plan).map(placeOf)), [plan])
  const chosen = useMemo(() => new Set([...selection].filter((place) => standing.has(place))), [selection, standing])
  return {
    layout,
    plan,
    capacity: layout.seating === 'general' ? layout.capacity : seatCount(layout),
    difference,
    problems,
    hasErrors,
    /** The seats that are chosen: places whose seat has gone count no more. */
    selection: chosen,
    select: setSelection,
    tool,
    setTool,
    brush,
    setBrush,
    set: (next: Layout) => setHistory((now) => take(now, next)),
    edit: (change: (plan: Plan) => Plan) =>
      setHistory((now) => take(now, change(now.present.seating === 'reserved' ? now.present : emptyPlan))),
    undo: () => setHistory(undo),
    redo: () => setHistory(redo),
    canUndo: history.past.length > 0,
    canRedo: history.future.length > 0,
  }
}

export type Editor = ReturnType<typeof useEditor>

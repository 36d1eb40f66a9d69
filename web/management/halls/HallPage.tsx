import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import type { DragEvent, KeyboardEvent, ReactNode } from 'react'
import type { Auditorium } from '../../../contract/auditoriums.ts'
import type { Theatre } from '../../../contract/venues.ts'
import { Link } from '../../ui/router.tsx'
import { FailedPage, Waiting } from '../../ui/states.tsx'
import { DrawRows } from './DrawRows.tsx'
import * as edit from './edit-plan.ts'
import { EditorTools, toolOfKey } from './EditorTools.tsx'
import { FilePanel, HallPanel, useImport } from './HallPanel.tsx'
import { geometryOf } from './geometry.ts'
import { OutOfOrder } from './OutOfOrder.tsx'
import { placeOf, seatsByPlace, seatsOf } from './plan.ts'
import type { Cell, Place } from './plan.ts'
import { PlanCanvas } from './PlanCanvas.tsx'
import type { Stroke } from './PlanCanvas.tsx'
import { Problems } from './Problems.tsx'
import { hallQuery } from './queries.ts'
import { SaveLayout } from './SaveLayout.tsx'
import { SelectionPanel, moveChosen } from './SelectionPanel.tsx'
import { useEditor } from './use-editor.ts'
import type { Editor } from './use-editor.ts'
import { useHallWords } from './words/index.ts'

/** One hall: its plan to draw, and its seats that are out of order. */
export function HallPage({ theatre, id }: { readonly theatre: Theatre; readonly id: string }) {
  const { t } = useHallWords()
  const { data: hall, error, refetch } = useQuery(hallQuery(id))
  const [isBroken, setBroken] = useState(false)
  if (error) return <FailedPage error={error} retry={() => void refetch()} />
  if (!hall) return <Waiting />
  const hasSeats = hall.layout.seating === 'reserved'
  return (
    <article className="grid gap-4">
      <title>{hall.name}</title>
      <div className="house-head">
        <div>
          <Link href="/manage/halls" className="quiet-link text-sm">
            {t('all_halls')}
          </Link>
          <h1 className="marquee text-[clamp(2.5rem,7vw,4.5rem)]">{hall.name}</h1>
        </div>
        {hasSeats && (
          <div className="switch">
            <button type="button" aria-pressed={!isBroken} onClick={() => setBroken(false)}>
              {t('plan')}
            </button>
            <button type="button" aria-pressed={isBroken} onClick={() => setBroken(true)}>
              {t('out_of_order')}
            </button>
          </div>
        )}
      </div>
      {isBroken && hall.layout.seating === 'reserved' ? (
        <OutOfOrder key={hall.layoutVersion} hall={hall} plan={hall.layout} timeZone={theatre.timeZone} />
      ) : (
        <LayoutEditor key={hall.layoutVersion} hall={hall} />
      )}
    </article>
  )
}

const zooms = [14, 18, 22, 28, 36, 46] as const

function LayoutEditor({ hall }: { readonly hall: Auditorium }) {
  const { t } = useHallWords()
  const editor = useEditor(hall)
  const reading = useImport(editor)
  const [isSaving, setSaving] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    const file = event.dataTransfer.files[0]
    if (file) reading.mutate(file)
  }
  useUndoKeys(editor)
  const canSave = !editor.difference.isSame && !editor.hasErrors
  return (
    <div className="editor" onDragOver={(event) => event.preventDefault()} onDrop={drop}>
      <EditorTools editor={editor}>
        <p className="capacity">
          <b>{editor.capacity}</b> {t('places', { count: editor.capacity })}
        </p>
        <button type="button" className="button button-main" disabled={!canSave} onClick={() => setSaving(true)}>
          {t('save_plan')}
        </button>
      </EditorTools>
      {editor.layout.seating === 'reserved' ? (
        <Paper editor={editor} />
      ) : (
        <p className="canvas grid place-items-center p-10 text-center text-soft">{t('general_text')}</p>
      )}
      <aside className="editor-side" aria-label={t('panels')}>
        <Problems editor={editor} />
        {editor.layout.seating === 'reserved' && (
          <>
            <Panel title={t('draw_title')} isOpen={editor.plan.rows.length === 0}>
              <DrawRows editor={editor} />
            </Panel>
            <Panel title={t('selection')} isOpen={editor.selection.size > 0}>
              <SelectionPanel editor={editor} />
            </Panel>
          </>
        )}
        <Panel title={t('hall')} isOpen={editor.layout.seating === 'general'}>
          <HallPanel editor={editor} />
        </Panel>
        <Panel title={t('files')} isOpen={reading.isError}>
          <FilePanel editor={editor} name={hall.name} reading={reading} />
        </Panel>
      </aside>
      {isSaving && <SaveLayout hall={hall} editor={editor} close={() => setSaving(false)} />}
    </div>
  )
}

interface PanelProps {
  readonly title: string
  /** Opens by itself when this becomes true. */
  readonly isOpen: boolean
  readonly children: ReactNode
}

function Panel({ title, isOpen, children }: PanelProps) {
  const [open, setOpen] = useState(isOpen)
  const [before, setBefore] = useState(isOpen)
  if (before !== isOpen) {
    setBefore(isOpen)
    if (isOpen) setOpen(true)
  }
  return (
    <details className="editor-panel" open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{title}</summary>
      <div className="editor-panel-body">{children}</div>
    </details>
  )
}

/** The largest at which the hall fits beside the panels; on a phone one that a finger can hit. */
function zoomFor(columns: number): number {
  const room = innerWidth >= 1_152 ? innerWidth - 660 : innerWidth - 60
  return Math.max(
    2,
    zooms.findLastIndex((cell) => cell * (columns + 2) <= room),
  )
}

/** The paper with the tool that is in hand. */
function Paper({ editor }: { readonly editor: Editor }) {
  const { t } = useHallWords()
  const { plan, tool, brush, selection } = editor
  const geometry = geometryOf(plan, plan.rows.length === 0 ? 14 : 4)
  const [zoom, setZoom] = useState(() => zoomFor(geometry.columns))
  const marked = new Set(editor.problems.flatMap(({ places }) => places))
  const draw = ({ cells, isMore }: Stroke) => {
    const standing = seatsByPlace(plan)
    const places = cells.map(placeOf).filter((place) => standing.has(place))
    const chosen = new Set(places)
    if (tool === 'add')
      editor.edit((now) => withSofas(edit.addSeats(now, cells, brush), new Set(cells.map(placeOf)), brush))
    else if (tool === 'erase') editor.edit((now) => edit.removeSeats(now, chosen))
    else if (tool === 'paint') editor.edit((now) => withSofas(edit.paint(now, chosen, brush), chosen, brush))
    else editor.select(chosenBy(selection, places, isMore))
  }
  const onKey = (event: KeyboardEvent, cursor: Cell) => paperKey(editor, event, cursor)
  return (
    <div className="relative min-w-0">
      <PlanCanvas
        plan={plan}
        geometry={geometry}
        cell={zooms[zoom] ?? 22}
        selection={selection}
        marked={marked}
        isHand={tool === 'hand'}
        draw={draw}
        onKey={onKey}
      />
      <div className="absolute end-2 top-2 flex gap-1">
        <button
          type="button"
          className="zoom"
          aria-label={t('zoom_out')}
          onClick={() => setZoom(Math.max(0, zoom - 1))}
        >
          −
        </button>
        <button
          type="button"
          className="zoom"
          aria-label={t('zoom_in')}
          onClick={() => setZoom(Math.min(zooms.length - 1, zoom + 1))}
        >
          +
        </button>
      </div>
    </div>
  )
}

/** Sofas are painted two by two. */
function withSofas(plan: Editor['plan'], places: Editor['selection'], { kind }: Editor['brush']) {
  return kind === 'sofa' ? edit.joinSofas(plan, places, 2) : plan
}

/** With Shift seats join what is chosen, or leave it when all of them were. */
function chosenBy(selection: Editor['selection'], places: readonly Place[], isMore: boolean) {
  if (!isMore) return new Set(places)
  const isOff = places.length > 0 && places.every((place) => selection.has(place))
  return new Set(isOff ? [...selection].filter((place) => !places.includes(place)) : [...selection, ...places])
}

const moves: Readonly<Record<string, readonly [down: number, right: number]>> = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
}

/** Keys on the paper beside those of the cursor; true when one did something. */
function paperKey(editor: Editor, event: KeyboardEvent, cursor: Cell): boolean {
  const { plan, selection } = editor
  const move = event.altKey ? moves[event.key] : undefined
  if (move) {
    moveChosen(editor, ...move)
    return true
  }
  if (event.ctrlKey || event.metaKey) {
    if (event.key !== 'a') return false
    editor.select(new Set(seatsOf(plan).map(placeOf)))
    return true
  }
  if (event.key === 'Delete' || event.key === 'Backspace') editor.set(edit.removeSeats(plan, selection))
  else if (event.key === 'Escape') editor.select(new Set())
  else if (event.key === 'r') {
    editor.select(new Set(seatsOf(plan).flatMap((placed) => (placed.line === cursor.line ? placeOf(placed) : []))))
  } else {
    const tool = toolOfKey(event.key)
    if (tool === undefined) return false
    editor.setTool(tool)
  }
  return true
}

/** Ctrl Z and Ctrl Y wherever the focus is, but in a field, which has its own. */
function useUndoKeys({ undo, redo }: Editor): void {
  useEffect(() => {
    const onKeyDown = (event: globalThis.KeyboardEvent) => {
      if (!(event.ctrlKey || event.metaKey) || event.target instanceof HTMLInputElement) return
      const isRedo = event.key === 'y' || (event.key === 'Z' && event.shiftKey)
      if (isRedo) redo()
      else if (event.key === 'z') undo()
      else return
      event.preventDefault()
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  })
}

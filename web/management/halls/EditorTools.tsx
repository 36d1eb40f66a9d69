import type { ReactNode } from 'react'
import { seatKinds } from '../../../contract/seating.ts'
import type { LayoutSeat } from '../../../contract/layouts.ts'
import { useHouseWords } from '../../ui/words/index.ts'
import type { Editor, Tool } from './use-editor.ts'
import { categoriesOf } from './plan.ts'
import { useHallWords } from './words/index.ts'

const icons: Readonly<Record<Tool | 'undo' | 'redo', string>> = {
  select: 'M5 3l14 8-6 1.5L10 19z',
  add: 'M12 4v16M4 12h16',
  paint: 'M4 20c4 0 5-2 5-5l7-11 4 3-9 10c0 3-3 4-7 3z',
  erase: 'M4 15l9-10 7 6-7 8H8zM8 10l8 7',
  hand: 'M8 12V5a1.5 1.5 0 0 1 3 0v5V4a1.5 1.5 0 0 1 3 0v7V6a1.5 1.5 0 0 1 3 0v9a6 6 0 0 1-6 6c-4 0-5-3-7-7-1-2 1-3 2-2z',
  undo: 'M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6',
  redo: 'M15 7l5 5-5 5M20 12H10a6 6 0 0 0-6 6',
}

export function Icon({ name }: { readonly name: keyof typeof icons }) {
  return (
    <svg
      viewBox="0 0 24 24"
      className="size-5"
      fill="none"
      stroke="currentColor"
      strokeWidth="2"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      <path d={icons[name]} />
    </svg>
  )
}

const tools: readonly (readonly [tool: Tool, key: string])[] = [
  ['select', 'V'],
  ['add', 'A'],
  ['paint', 'P'],
  ['erase', 'E'],
  ['hand', 'H'],
]

/** Which tool a key takes up. */
export function toolOfKey(key: string): Tool | undefined {
  return tools.find(([, letter]) => letter === key.toUpperCase())?.[0]
}

/** The tools, what they draw with, and the way back: always at hand above the paper. */
export function EditorTools({ editor, children }: { readonly editor: Editor; readonly children: ReactNode }) {
  const { t } = useHallWords()
  const house = useHouseWords()
  return (
    <div className="tools" role="toolbar" aria-label={t('tools')}>
      <div className="tool-group">
        {tools.map(([tool, key]) => (
          <button
            key={tool}
            type="button"
            aria-pressed={editor.tool === tool}
            className="tool"
            data-touch={tool === 'hand'}
            title={`${t(`tool_${tool}`)} (${key})`}
            onClick={() => editor.setTool(tool)}
          >
            <Icon name={tool} />
            <span>{t(`tool_${tool}`)}</span>
          </button>
        ))}
      </div>
      <Brushes editor={editor} />
      <div className="tool-group ms-auto">
        <button
          type="button"
          className="tool"
          disabled={!editor.canUndo}
          onClick={editor.undo}
          title={`${house.t('undo')} (Ctrl Z)`}
        >
          <Icon name="undo" />
          <span className="sr-only">{house.t('undo')}</span>
        </button>
        <button
          type="button"
          className="tool"
          disabled={!editor.canRedo}
          onClick={editor.redo}
          title={`${t('redo')} (Ctrl Y)`}
        >
          <Icon name="redo" />
          <span className="sr-only">{t('redo')}</span>
        </button>
      </div>
      {children}
    </div>
  )
}

/** Category and kind that new and painted seats get. */
function Brushes({ editor: { brush, setBrush, plan } }: { readonly editor: Editor }) {
  const { t } = useHallWords()
  return (
    <div className="brushes">
      <CategoryField
        label={t('category')}
        plan={categoriesOf(plan)}
        value={brush.category}
        change={(category) => setBrush({ ...brush, category })}
      />
      <KindField label={t('kind')} value={brush.kind} change={(kind) => setBrush({ ...brush, kind })} />
    </div>
  )
}

interface CategoryFieldProps {
  readonly label: string
  /** Categories that the hall has already. */
  readonly plan: readonly string[]
  readonly value: string
  readonly change: (category: string) => void
}

const usual = ['standard', 'premium']

/** One of the hall's categories, or a new one by its name. */
export function CategoryField({ label, plan, value, change }: CategoryFieldProps) {
  const { tOr } = useHallWords()
  const known = [...new Set([...usual, ...plan])]
  return (
    <label className="mini-field">
      <span>{label}</span>
      <input
        className="field"
        list="seat-categories"
        maxLength={40}
        value={value}
        onChange={(event) => change(event.target.value)}
      />
      <datalist id="seat-categories">
        {known.map((category) => (
          <option key={category} value={category}>
            {tOr(`category_${category}`, category)}
          </option>
        ))}
      </datalist>
    </label>
  )
}

interface KindFieldProps {
  readonly label: string
  readonly value: LayoutSeat['kind']
  readonly change: (kind: LayoutSeat['kind']) => void
}

export function KindField({ label, value, change }: KindFieldProps) {
  const { t } = useHallWords()
  return (
    <label className="mini-field">
      <span>{label}</span>
      <select
        className="field"
        value={value}
        onChange={(event) => {
          const kind = seatKinds.find((each) => each === event.target.value)
          if (kind) change(kind)
        }}
      >
        {seatKinds.map((kind) => (
          <option key={kind} value={kind}>
            {t(`kind_${kind}`)}
          </option>
        ))}
      </select>
    </label>
  )
}

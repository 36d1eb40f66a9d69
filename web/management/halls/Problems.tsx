import type { PlanProblem } from './check-plan.ts'
import type { Editor } from './use-editor.ts'
import { useHallWords } from './words/index.ts'

const shown = 12

/** What keeps the plan from being saved, and what one might wonder about; each leads to its seats. */
export function Problems({ editor }: { readonly editor: Editor }) {
  const { t } = useHallWords()
  const { problems } = editor
  if (problems.length === 0) return <p className="problems-none">{t('no_problems')}</p>
  const sentence = ({ code, what }: PlanProblem) => t(`problem_${code}`, { what })
  return (
    <div className="grid gap-2">
      <ul className="problems">
        {problems.slice(0, shown).map((problem) => (
          <li key={`${problem.code} ${problem.what}`} data-weight={problem.weight}>
            {problem.places.length === 0 ? (
              sentence(problem)
            ) : (
              <button type="button" onClick={() => editor.select(new Set(problem.places))}>
                {sentence(problem)}
              </button>
            )}
          </li>
        ))}
      </ul>
      {problems.length > shown && (
        <p className="text-sm text-soft">{t('more_problems', { count: problems.length - shown })}</p>
      )}
    </div>
  )
}

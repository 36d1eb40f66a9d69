import type { AdmissionFact, Fact, ReportQuestion } from './model.ts'
import { admissionsOfShowtimes, factsOfShowtimes, showtimesAsked } from './shown-facts.ts'
import { soldAdmissions, soldFacts } from './sold-facts.ts'
import type { Source } from './source.ts'

/** What was sold and given back, by the basis of the question. */
export async function* factsFor(source: Source, question: ReportQuestion): AsyncGenerator<Fact> {
  if (question.theatreIds?.length === 0) return
  if (question.basis === 'sale') yield* soldFacts(source, question)
  else for await (const part of showtimesAsked(source, question)) yield* await factsOfShowtimes(source, part)
}

/** What kinds of tickets were sold, by the basis of the question. */
export async function* admissionsFor(source: Source, question: ReportQuestion): AsyncGenerator<AdmissionFact> {
  if (question.theatreIds?.length === 0) return
  if (question.basis === 'sale') yield* soldAdmissions(source, question)
  else for await (const part of showtimesAsked(source, question)) yield* await admissionsOfShowtimes(source, part)
}

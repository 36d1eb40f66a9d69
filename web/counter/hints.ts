/** A letter for each name, the first of its own that no name before it has; none where all are taken. */
export function lettersFor(names: readonly string[]): (string | null)[] {
  const used = new Set<string>()
  return names.map((name) => {
    const letters = [...name.normalize('NFD').toUpperCase()].filter((letter) => /[A-Z]/.test(letter))
    const free = letters.find((letter) => !used.has(letter)) ?? null
    if (free !== null) used.add(free)
    return free
  })
}

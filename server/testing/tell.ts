/** A line of numbers for whoever reads the run: how much was tried. */
export function tell(line: string): void {
  process.stdout.write(`${line}\n`)
}

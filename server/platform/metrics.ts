/** Label values of one series, in the order of the metric's label names. */
type Labels = readonly string[]

export interface Counter {
  add(labels?: Labels, amount?: number): void
}

export interface Histogram {
  observe(value: number, labels?: Labels): void
}

/** Numbers of this process, told in the text format that Prometheus reads (version 0.0.4). */
export interface Metrics {
  counter(name: string, help: string, labels?: Labels): Counter
  /** `buckets` are upper bounds, rising. */
  histogram(name: string, help: string, labels: Labels, buckets: readonly number[]): Histogram
  /** Read when somebody asks; several values by label, or one. A source that fails is left out. */
  gauge(name: string, help: string, read: () => GaugeValue | Promise<GaugeValue>, labels?: Labels): void
  render(): Promise<string>
}

export type GaugeValue = number | readonly (readonly [labels: Labels, value: number])[]

interface Family {
  lines(): string[] | Promise<string[]>
}

export const metricsMediaType = 'text/plain; version=0.0.4; charset=utf-8'

export function createMetrics(): Metrics {
  const families: Family[] = []
  const register = (name: string, help: string, type: string, samples: () => string[] | Promise<string[]>) => {
    const head = [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`]
    families.push({
      async lines() {
        const found = await samples()
        return found.length === 0 ? [] : [...head, ...found]
      },
    })
  }
  return {
    counter(name, help, labels = []) {
      const series = new Map<string, number>()
      if (labels.length === 0) series.set('', 0)
      register(name, help, 'counter', () => [...series].map(([text, value]) => `${name}${text} ${value}`))
      return {
        add(values = [], amount = 1) {
          const text = labelText(labels, values)
          series.set(text, (series.get(text) ?? 0) + amount)
        },
      }
    },
    histogram(name, help, labels, buckets) {
      const series = new Map<string, Distribution>()
      register(name, help, 'histogram', () => [...series.values()].flatMap((one) => one.lines(name)))
      return {
        observe(value, values = []) {
          const key = values.join('\n')
          let one = series.get(key)
          if (!one) series.set(key, (one = new Distribution(labels, values, buckets)))
          one.note(value)
        },
      }
    },
    gauge(name, help, read, labels = []) {
      register(name, help, 'gauge', async () => {
        const value = await read()
        if (typeof value === 'number') return [`${name} ${value}`]
        return value.map(([values, number]) => `${name}${labelText(labels, values)} ${number}`)
      })
    },
    async render() {
      // A source that does not answer (the database is down) must not hide the others.
      const settled = await Promise.allSettled(families.map(async (family) => await family.lines()))
      const lines = settled.flatMap((result) => (result.status === 'fulfilled' ? result.value : []))
      return `${lines.join('\n')}\n`
    },
  }
}

class Distribution {
  readonly #labels: Labels
  readonly #values: Labels
  readonly #bounds: readonly number[]
  readonly #counts: number[]
  #sum = 0
  #count = 0

  constructor(labels: Labels, values: Labels, bounds: readonly number[]) {
    this.#labels = labels
    this.#values = values
    this.#bounds = bounds
    this.#counts = bounds.map(() => 0)
  }

  note(value: number): void {
    const index = this.#bounds.findIndex((bound) => value <= bound)
    if (index >= 0) this.#counts[index] = (this.#counts[index] ?? 0) + 1
    this.#sum += value
    this.#count += 1
  }

  lines(name: string): string[] {
    const labels = [...this.#labels, 'le']
    const bucket = (bound: string, count: number) =>
      `${name}_bucket${labelText(labels, [...this.#values, bound])} ${count}`
    let running = 0
    const buckets = this.#bounds.map((bound, index) => bucket(String(bound), (running += this.#counts[index] ?? 0)))
    const own = labelText(this.#labels, this.#values)
    return [
      ...buckets,
      bucket('+Inf', this.#count),
      `${name}_sum${own} ${this.#sum}`,
      `${name}_count${own} ${this.#count}`,
    ]
  }
}

function labelText(names: Labels, values: Labels): string {
  if (names.length === 0) return ''
  return `{${names.map((name, index) => `${name}="${escapeLabel(values[index] ?? '')}"`).join(',')}}`
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}

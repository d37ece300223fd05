type Labels = Record<string, string>

export interface Reading {
  labels: Labels
  value: number
}

/** The samples of a page, by their names. */
export type Samples = Map<string, Reading[]>

/** Reads Prometheus' text format, without comments and times. */
export function parsePage(text: string): Samples {
  const samples: Samples = new Map()
  for (const [, name = '', labels = '', value] of text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)/gm)) {
    const pairs = labels.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)
    const reading = {
      labels: Object.fromEntries([...pairs].map(([, label = '', text = '']) => [label, text])),
      value: Number(value === '+Inf' ? Number.POSITIVE_INFINITY : value),
    }
    samples.set(name, [...(samples.get(name) ?? []), reading])
  }
  return samples
}

/** Values that labels must have; others don't matter. */
type Wanted = Record<string, string | RegExp>

/** What happened between two pages. */
export interface Change {
  /** The latest values. */
  values(name: string, wanted?: Wanted): Reading[]
  /** How much a counter grew a second, over all of its series. */
  rate(name: string, wanted?: Wanted): number
  /** An estimate from the buckets of a histogram; NaN if nothing was observed. */
  quantile(name: string, q: number, wanted?: Wanted): number
}

interface Page {
  /** Unix ms. */
  at: number
  samples: Samples
}

export function changeBetween(before: Page, after: Page): Change {
  const find = ({ samples }: Page, name: string, wanted: Wanted) =>
    (samples.get(name) ?? []).filter(({ labels }) =>
      Object.entries(wanted).every(([label, value]) => {
        const actual = labels[label] ?? ''
        return typeof value === 'string' ? actual === value : value.test(actual)
      }),
    )
  const total = (page: Page, name: string, wanted: Wanted) =>
    find(page, name, wanted).reduce((sum, { value }) => sum + value, 0)
  // A counter that shrank belongs to a service that was restarted.
  const growth = (name: string, wanted: Wanted) => {
    const now = total(after, name, wanted)
    const grown = now - total(before, name, wanted)
    return grown < 0 ? now : grown
  }
  return {
    values: (name, wanted = {}) => find(after, name, wanted),
    rate: (name, wanted = {}) => growth(name, wanted) / ((after.at - before.at) / 1_000),
    quantile(name, q, wanted = {}) {
      const bounds = new Set(
        find(after, `${name}_bucket`, wanted).map(({ labels }) => labels.le ?? ''),
      )
      const buckets = [...bounds]
        .map((le) => ({
          bound: Number(le.replace('+Inf', 'Infinity')),
          count: growth(`${name}_bucket`, { ...wanted, le }),
        }))
        .sort((a, b) => a.bound - b.bound)
      return interpolate(buckets, q)
    },
  }
}

/** As `histogram_quantile` does. */
function interpolate(buckets: readonly { bound: number; count: number }[], q: number): number {
  const rank = q * (buckets.at(-1)?.count ?? 0)
  if (!(rank > 0)) return Number.NaN
  const at = buckets.findIndex(({ count }) => count >= rank)
  const lower = buckets[at - 1] ?? { bound: 0, count: 0 }
  const { bound, count } = buckets[at] ?? lower
  if (!Number.isFinite(bound)) return lower.bound
  return lower.bound + ((bound - lower.bound) * (rank - lower.count)) / (count - lower.count)
}

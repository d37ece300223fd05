/** The samples of a page, by their names. */
export type Samples = Map<string, { labels: Record<string, string>; value: number }[]>

/** Reads Prometheus' text format, without comments and times. */
export function parsePage(text: string): Samples {
  const samples: Samples = new Map()
  for (const [, name = '', list = '', value] of text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)/gm)) {
    const pairs = [...list.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)]
    const labels = Object.fromEntries(pairs.map(([, label, text]) => [label, text]))
    const sample = { labels, value: Number(value?.replace('Inf', 'Infinity')) }
    samples.set(name, [...(samples.get(name) ?? []), sample])
  }
  return samples
}

/** Values that labels must have; others don't matter. */
type Wanted = Record<string, string | RegExp>

/** A page, and when it was read (Unix ms). */
type Page = { at: number; samples: Samples }

/** What happened between two pages. */
export type Change = ReturnType<typeof changeBetween>

export function changeBetween(before: Page, after: Page) {
  const find = ({ samples }: Page, name: string, wanted: Wanted = {}) =>
    (samples.get(name) ?? []).filter(({ labels }) =>
      Object.entries(wanted).every(([label, value]) => {
        const actual = labels[label] ?? ''
        return typeof value === 'string' ? actual === value : value.test(actual)
      }),
    )
  const total = (page: Page, name: string, wanted?: Wanted) =>
    find(page, name, wanted).reduce((sum, { value }) => sum + value, 0)
  // A counter that shrank belongs to a service that was restarted.
  const growth = (name: string, wanted?: Wanted) => {
    const now = total(after, name, wanted)
    const grown = now - total(before, name, wanted)
    return grown < 0 ? now : grown
  }
  return {
    /** The latest values. */
    values: (name: string, wanted?: Wanted) => find(after, name, wanted),

    /** How much a counter grew a second, over all of its series. */
    rate: (name: string, wanted?: Wanted) =>
      growth(name, wanted) / ((after.at - before.at) / 1_000),

    /** An estimate from the buckets of a histogram; NaN if nothing was observed. */
    quantile(histogram: string, q: number, wanted?: Wanted): number {
      const name = `${histogram}_bucket`
      const bounds = new Set(find(after, name, wanted).map(({ labels }) => labels.le ?? ''))
      const buckets = [...bounds].map((le) => ({
        bound: Number(le.replace('Inf', 'Infinity')),
        count: growth(name, { ...wanted, le }),
      }))
      buckets.sort((a, b) => a.bound - b.bound)
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

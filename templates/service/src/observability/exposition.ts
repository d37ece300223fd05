import type { Across } from './metric-definitions.ts'

/** One line of the page. Its labels are text, such as `method="GET",route="/"`. */
export interface Sample {
  readonly name: string
  readonly labels: string
  readonly value: number
  readonly exemplar?: Exemplar | undefined
}

/** A measured value with labels that lead to its trace, and when it was measured (Unix ms). */
export interface Exemplar {
  readonly labels: string
  readonly value: number
  readonly time: number
}

/** A metric with all of its samples. */
export interface Family {
  readonly name: string
  readonly help: string
  readonly kind: string
  readonly across: Across
  readonly samples: readonly Sample[]
}

/** Writes labels as in `method="GET",route="/"`. An empty value is the same as no label. */
export function formatLabels(labels: object): string {
  return Object.entries(labels)
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${name}="${escapeText(String(value)).replaceAll('"', '\\"')}"`)
    .join(',')
}

function escapeText(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

export function formatNumber(value: number): string {
  if (Number.isFinite(value) || Number.isNaN(value)) return String(value)
  return value > 0 ? '+Inf' : '-Inf'
}

/** What a scrape gets. */
export interface Page {
  readonly type: string
  readonly body: string
}

/**
 * Writes a page in the format that the client prefers: OpenMetrics, which has exemplars, or
 * Prometheus' own. Both have the same names.
 *
 * @param accept the header of the request
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function renderPage(families: readonly Family[], accept: string | undefined): Page {
  const isOpen = prefersOpenMetrics(accept)
  const lines = families.flatMap((family) => render(family, isOpen))
  const [type, end] = isOpen
    ? ['application/openmetrics-text; version=1.0.0; charset=utf-8', '# EOF\n']
    : ['text/plain; version=0.0.4; charset=utf-8', '']
  return { type, body: `${lines.join('\n')}\n${end}` }
}

function render({ name, help, kind, samples }: Family, isOpen: boolean): string[] {
  // OpenMetrics describes a counter without the ending that its samples have.
  const described = isOpen && kind === 'counter' ? name.replace(/_total$/, '') : name
  return [
    `# HELP ${described} ${escapeText(help)}`,
    `# TYPE ${described} ${kind}`,
    ...samples.map((it) => {
      const line = `${it.name}${it.labels && `{${it.labels}}`} ${formatNumber(it.value)}`
      return isOpen && it.exemplar ? `${line} # ${formatExemplar(it.exemplar)}` : line
    }),
  ]
}

function formatExemplar({ labels, value, time }: Exemplar): string {
  return `{${labels}} ${formatNumber(value)} ${time / 1_000}`
}

/** Prometheus lists the formats that it knows, each with its weight. */
function prefersOpenMetrics(accept = ''): boolean {
  const weights = { open: 0, text: 0 }
  for (const range of accept.split(',')) {
    const [type = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase())
    const parameter = (name: string) =>
      parameters.find((it) => it.startsWith(`${name}=`))?.slice(name.length + 1)
    const weight = Number(parameter('q') ?? 1)
    const version = parameter('version')
    if (type === 'application/openmetrics-text' && (version ?? '1.0.0') === '1.0.0') {
      weights.open = Math.max(weights.open, weight)
    } else if (type === 'text/plain' && (version ?? '0.0.4') === '0.0.4') {
      weights.text = Math.max(weights.text, weight)
    }
  }
  return weights.open > weights.text
}

/** Makes one page of those of several workers. */
export function mergeFamilies(pages: readonly (readonly Family[])[]): Family[] {
  const merged = new Map<string, { family: Family; samples: Map<string, Sample[]> }>()
  for (const family of pages.flat()) {
    const entry = merged.get(family.name) ?? { family, samples: new Map<string, Sample[]>() }
    merged.set(family.name, entry)
    for (const sample of family.samples) {
      const key = `${sample.name}{${sample.labels}}`
      entry.samples.set(key, [...(entry.samples.get(key) ?? []), sample])
    }
  }
  return [...merged.values()].map(({ family, samples }) => {
    return {
      ...family,
      samples: [...samples.values()].map((it) => mergeSamples(it, family.across)),
    }
  })
}

function mergeSamples(samples: readonly Sample[], across: Across): Sample {
  const values = samples.map(({ value }) => value)
  const exemplars = samples.flatMap(({ exemplar }) => exemplar ?? [])
  const [exemplar] = exemplars.sort((a, b) => b.time - a.time)
  return { ...(samples[0] as Sample), value: aggregates[across](values), exemplar }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)

const aggregates: Record<Across, (values: readonly number[]) => number> = {
  sum,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  average: (values) => sum(values) / values.length,
}

import type { Definition } from './metric-definitions.ts'

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
export interface Family extends Pick<Definition, 'name' | 'help' | 'kind' | 'across'> {
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
  return String(value).replace('Infinity', 'Inf').replace(/^Inf/, '+Inf')
}

/**
 * Writes a page in OpenMetrics, which has exemplars, if the client knows it; otherwise in
 * Prometheus' own format. Names and labels are the same in both.
 *
 * @param accept the header of the request
 * @see https://prometheus.io/docs/specs/om/open_metrics_spec/
 * @see https://prometheus.io/docs/instrumenting/exposition_formats/
 */
export function renderPage(families: readonly Family[], accept = '') {
  // Clients also list a draft of it, version 0.0.1.
  const isOpen = /application\/openmetrics-text(?! *; *version=0)/.test(accept)
  const type = isOpen ? 'application/openmetrics-text; version=1.0.0' : 'text/plain; version=0.0.4'
  const lines = families.flatMap((family) => render(family, isOpen))
  if (isOpen) lines.push('# EOF')
  return { type: `${type}; charset=utf-8`, body: `${lines.join('\n')}\n` }
}

function render({ name, help, kind, samples }: Family, isOpen: boolean): string[] {
  // OpenMetrics describes a counter without the ending that its samples have.
  const described = isOpen && kind === 'counter' ? name.replace(/_total$/, '') : name
  const lines = samples.map(({ name, labels, value, exemplar }) => {
    const line = `${name}${labels && `{${labels}}`} ${formatNumber(value)}`
    if (!isOpen || exemplar === undefined) return line
    return `${line} # {${exemplar.labels}} ${exemplar.value} ${exemplar.time / 1_000}`
  })
  return [`# HELP ${described} ${escapeText(help)}`, `# TYPE ${described} ${kind}`, ...lines]
}

/** Makes one page of those of several workers. */
export function mergeFamilies(pages: readonly (readonly Family[])[]): Family[] {
  const merged = new Map<string, { family: Family; samples: Map<string, Sample[]> }>()
  for (const family of pages.flat()) {
    const entry = merged.get(family.name) ?? { family, samples: new Map<string, Sample[]>() }
    merged.set(family.name, entry)
    for (const sample of family.samples) {
      const key = sample.name + sample.labels
      entry.samples.set(key, [...(entry.samples.get(key) ?? []), sample])
    }
  }
  return [...merged.values()].map(({ family, samples }) => {
    const merge = (several: Sample[]) => mergeSamples(several, aggregates[family.across])
    return { ...family, samples: [...samples.values()].map(merge) }
  })
}

type Aggregate = (values: readonly number[]) => number

function mergeSamples(samples: readonly Sample[], aggregate: Aggregate): Sample {
  const exemplars = samples.flatMap(({ exemplar }) => exemplar ?? [])
  const [exemplar] = exemplars.sort((a, b) => b.time - a.time)
  return { ...(samples[0] as Sample), value: aggregate(samples.map((it) => it.value)), exemplar }
}

const sum: Aggregate = (values) => values.reduce((total, value) => total + value, 0)

const aggregates: Record<Definition['across'], Aggregate> = {
  sum,
  min: (values) => Math.min(...values),
  max: (values) => Math.max(...values),
  average: (values) => sum(values) / values.length,
}

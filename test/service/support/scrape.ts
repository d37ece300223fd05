/** One line of a page of metrics. */
export interface ScrapedSample {
  readonly name: string
  /** As the page has them: `method="GET",route="/"`. */
  readonly labels: string
  readonly value: number
  readonly exemplar: string | undefined
}

/** A page of metrics, read as Prometheus does. */
export interface Scrape {
  readonly type: string | null
  readonly body: string
  /** By the name that its samples have, without endings of histograms. */
  readonly families: ReadonlyMap<string, readonly ScrapedSample[]>
}

/** What Prometheus 3 accepts, in its order. */
export const prometheusAccepts =
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,' +
  'application/openmetrics-text;version=0.0.1;q=0.5,' +
  'text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,text/plain;version=0.0.4;q=0.3,*/*;q=0.2'

const line = /^([a-zA-Z_:][\w:]*)(?:\{(.*?)\})? (\S+)(?: # (\{.*\} \S+ \S+))?$/

/** Scrapes `<url>/metrics`; in OpenMetrics by default, in the text format without an `accept`. */
export async function scrape(url: string, accept = prometheusAccepts): Promise<Scrape> {
  const response = await fetch(`${url}/metrics`, { headers: { accept } })
  const body = await response.text()
  if (!response.ok) throw new Error(`/metrics answered ${response.status}: ${body}`)
  const families = new Map<string, ScrapedSample[]>()
  let isCounter = false
  let described = ''
  for (const text of body.trimEnd().split('\n')) {
    const [, name = '', kind] = /^# TYPE (\S+) (\S+)$/.exec(text) ?? []
    if (kind !== undefined) {
      isCounter = kind === 'counter'
      described = isCounter && !name.endsWith('_total') ? `${name}_total` : name
      families.set(described, [])
    }
    if (text.startsWith('#')) continue
    const [, sample = '', labels = '', value, exemplar] = line.exec(text) ?? []
    if (value === undefined) throw new Error(`Not a sample: ${text}`)
    if (!sample.startsWith(described)) throw new Error(`${sample} is below ${described}`)
    const number = value.replace('Inf', 'Infinity')
    families.get(described)?.push({ name: sample, labels, value: Number(number), exemplar })
  }
  return { type: response.headers.get('content-type'), body, families }
}

/** Sum of the samples of a name whose labels contain all of `labels`. */
export function sumOf({ families }: Scrape, name: string, ...labels: string[]): number {
  const samples = [...families.values()].flat().filter((sample) => sample.name === name)
  return samples
    .filter((sample) => labels.every((label) => sample.labels.includes(label)))
    .reduce((sum, { value }) => sum + value, 0)
}

/** The metrics of the service itself, not those of Node.js. */
export function ownFamilies({ families }: Scrape): [string, readonly ScrapedSample[]][] {
  return [...families].filter(
    ([name]) =>
      !/^(process|nodejs)_/.test(name) || /^nodejs_(eventloop_util|heap_size_limit)/.test(name),
  )
}

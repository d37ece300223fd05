import { setTimeout as sleep } from 'node:timers/promises'
import { type Exemplar, type Family, formatLabels, formatNumber } from './exposition.ts'
import {
  counter,
  type Definition,
  defineMetrics,
  type Kind,
  type MetricGroup,
} from './metric-definitions.ts'
import { nodeMetrics } from './node-metrics.ts'

/** A number that counts or measures one thing. */
class Value {
  value = 0

  inc(by = 1): void {
    this.value += by
  }

  set(value: number): void {
    this.value = value
  }

  samples(name: string, labels: string) {
    return [{ name, labels, value: this.value }]
  }
}

/** A bucket keeps an exemplar for at least so long (ms): looking for another one takes time. */
const exemplarMs = 1_000

/** How many values were observed in each bucket, and their sum. */
function distribution(upperBounds: readonly number[]) {
  const bounds = [...upperBounds, Number.POSITIVE_INFINITY]
  const counts = bounds.map(() => 0)
  const exemplars: (Exemplar | undefined)[] = []
  let sum = 0

  return {
    /** @param traceOf gives the labels that lead to the trace of the value, if it has one */
    observe(value: number, traceOf?: () => string | undefined): void {
      const at = bounds.findIndex((bound) => value <= bound)
      counts[at] = (counts[at] ?? 0) + 1
      sum += value
      if (traceOf === undefined) return
      const time = Date.now()
      if (time - (exemplars[at]?.time ?? 0) < exemplarMs) return
      const labels = traceOf()
      if (labels !== undefined) exemplars[at] = { labels, value, time }
    },

    samples(name: string, labels: string) {
      const others = labels && `${labels},`
      let count = 0
      const buckets = bounds.map((bound, at) => {
        count += counts[at] ?? 0
        const le = `${others}le="${formatNumber(bound)}"`
        return { name: `${name}_bucket`, labels: le, value: count, exemplar: exemplars[at] }
      })
      const total = { name: `${name}_sum`, labels, value: sum }
      return [...buckets, total, { name: `${name}_count`, labels, value: count }]
    },
  }
}

type Distribution = ReturnType<typeof distribution>

interface SeriesOf {
  counter: Pick<Value, 'inc'>
  gauge: Pick<Value, 'inc' | 'set'>
  histogram: Pick<Distribution, 'observe'>
}

type Labels<S> = { readonly [L in keyof S]: S[L] extends readonly (infer V)[] ? V : string }

/** So many combinations of labels a metric has at most. */
const maxLabelSets = 500

/** Stands for the values of a label that came after those. */
const other = '__other__'

type Recorder<K extends Kind, L extends object> = ReturnType<typeof recorderOf<K, L>>

/** Gives the series of one metric. */
function recorderOf<K extends Kind, L extends object>(
  definition: Definition<K>,
  onFold: () => void,
) {
  const { name: metric, kind, labels: spec, buckets } = definition
  const all = new Map<string, { labels: string; series: Value | Distribution }>()

  function keyOf(labels: L): string {
    let key = ''
    for (const name in spec) key += `${labels[name as keyof L]}\n`
    return key
  }

  function create(labels: L) {
    const series = kind === 'histogram' ? distribution(buckets) : new Value()
    const own = Object.keys(spec).map((name) => [name, labels[name as keyof L]])
    all.set(keyOf(labels), { labels: formatLabels(Object.fromEntries(own)), series })
    return series
  }

  function add(labels: L) {
    if (all.size < maxLabelSets) return create(labels)
    onFold()
    const folded = Object.entries(labels).map(([name, value]) => {
      return [name, spec[name] === String ? other : value]
    })
    const rest: L = Object.fromEntries(folded)
    return all.get(keyOf(rest))?.series ?? create(rest)
  }

  const recorder = {
    /** The series with these labels. Beyond 500 of them, text becomes `__other__`. */
    with(labels: L): SeriesOf[K] {
      const series: unknown = all.get(keyOf(labels))?.series ?? add(labels)
      return series as SeriesOf[K]
    },

    /** Starts series at zero: those with `known` labels and any values of labels that list them. */
    init(known: Partial<L>): void {
      let sets: object[] = [known]
      for (const [name, values] of Object.entries(spec)) {
        if (name in known) continue
        // Its values aren't known yet.
        if (typeof values === 'function') return
        sets = sets.flatMap((set) => values.map((value) => ({ ...set, [name]: value })))
      }
      for (const set of sets) recorder.with(set as L)
    },

    /** Forgets all series: the things that they are about may be gone. */
    clear: () => all.clear(),

    family(): Family {
      const series = [...all.values()]
      const samples = series.flatMap(({ labels, series }) => series.samples(metric, labels))
      return { ...definition, samples }
    },
  }
  recorder.init({})
  return recorder
}

type RecorderOf<D> = D extends Definition<infer K, infer S> ? Recorder<K, Labels<S>> : never

/** What records the metrics of a group, by their names in the code. */
export type Recorders<G> =
  G extends MetricGroup<infer D> ? { readonly [M in keyof D]: RecorderOf<D[M]> } : never

const ownMetrics = defineMetrics('Metrics', {
  folded: counter('metrics_dropped_labels_total', 'Values recorded as `__other__`.', {
    metric: String,
  }),
})

/** How long (ms) a page waits for gauges that have to be asked for. */
const collectMs = 2_500

/** The metrics of one app. */
export class Metrics {
  readonly #groups = new Map<MetricGroup, Record<string, Recorder<Kind, object>>>()
  readonly #collectors: (() => unknown)[] = []

  constructor() {
    this.of(ownMetrics)
  }

  /** What records the metrics of a group; the same whoever asks. */
  of<G extends MetricGroup>(group: G): Recorders<G> {
    const recorders = this.#groups.get(group) ?? this.#add(group)
    return recorders as unknown as Recorders<G>
  }

  /** Calls `collect` before each page, to set gauges. If it fails or is slow, they stay as they are. */
  onCollect(collect: () => unknown): void {
    this.#collectors.push(collect)
  }

  /** The groups in use. */
  groups(): MetricGroup[] {
    return [...this.#groups.keys()]
  }

  /** Everything that is measured now. */
  async collect(): Promise<Family[]> {
    const all = Promise.allSettled(this.#collectors.map(async (collect) => collect()))
    await Promise.race([all, sleep(collectMs, undefined, { ref: false })])
    const recorders = [...this.#groups.values()].flatMap((group) => Object.values(group))
    return [...recorders.map((recorder) => recorder.family()), ...(await nodeMetrics())]
  }

  #add(group: MetricGroup) {
    const recorders: Record<string, Recorder<Kind, object>> = {}
    this.#groups.set(group, recorders)
    for (const [key, definition] of Object.entries(group.definitions)) {
      const { name: metric, labels } = definition
      const onFold = () => this.of(ownMetrics).folded.with({ metric }).inc()
      recorders[key] = recorderOf(definition, onFold)
      if (Object.values(labels).includes(String)) this.of(ownMetrics).folded.init({ metric })
    }
    return recorders
  }
}

/**
 * The values of a label: a list of them, whose series all start at zero, or `String` for text that
 * is known only at run time. Never text that callers choose: each value is a series that stays.
 */
export type LabelSpec = Readonly<Record<string, readonly string[] | StringConstructor>>

export type Kind = 'counter' | 'gauge' | 'histogram'

export interface Definition<K extends Kind = Kind, S extends LabelSpec = LabelSpec> {
  readonly kind: K
  readonly name: string
  readonly help: string
  readonly labels: S
  /** What the values of several workers are together. */
  readonly across: 'sum' | 'min' | 'max' | 'average'
  /** Upper bounds of a histogram, in ascending order. */
  readonly buckets: readonly number[]
}

/**
 * Bounds for times in seconds: those of OpenTelemetry without whole numbers. Prometheus 2 and 3
 * write these differently, so no rule could select them in both.
 */
const buckets = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 2.5, 7.5]

function define<K extends Kind>(kind: K) {
  return <const S extends LabelSpec = Record<never, never>>(
    name: string,
    help: string,
    labels = {} as S,
    options: Partial<Pick<Definition, 'across' | 'buckets'>> = {},
  ): Definition<K, S> => ({ kind, name, help, labels, across: 'sum', buckets, ...options })
}

/** A number that only grows. Its name ends in `_total`. */
export const counter = define('counter')

/** A number that goes up and down. */
export const gauge = define('gauge')

/** A distribution of values; of times in seconds, unless it has other `buckets`. */
export const histogram = define('histogram')

/** The metrics of one subject: a table in `docs/metrics.md`. */
export interface MetricGroup<D = Readonly<Record<string, Definition>>> {
  readonly title: string
  readonly definitions: D
}

/** Names the metrics of a subject; `app.metrics.of(group)` gives what records them. */
export function defineMetrics<const D extends MetricGroup['definitions']>(
  title: string,
  definitions: D,
): MetricGroup<D> {
  return { title, definitions }
}

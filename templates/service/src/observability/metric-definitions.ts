/**
 * The values of a label: a list of them, whose series all start at zero, or `String` for text that
 * is known only at run time. Never text that callers choose: each value is a series that stays.
 */
type LabelValues = readonly string[] | StringConstructor
export type LabelSpec = Readonly<Record<string, LabelValues>>
type NoLabels = Record<never, never>

export type Kind = 'counter' | 'gauge' | 'histogram'

/** What the values of several workers are together. */
export type Across = 'sum' | 'min' | 'max' | 'average'

export interface Definition<K extends Kind = Kind, S extends LabelSpec = LabelSpec> {
  readonly kind: K
  readonly name: string
  readonly help: string
  readonly labels: S
  readonly across: Across
  /** Upper bounds, in ascending order. */
  readonly buckets: readonly number[]
}

/** A number that only grows. Its name ends in `_total`. */
export function counter<const S extends LabelSpec = NoLabels>(
  name: string,
  help: string,
  labels = {} as S,
): Definition<'counter', S> {
  return { kind: 'counter', name, help, labels, across: 'sum', buckets: [] }
}

/** A number that goes up and down. */
export function gauge<const S extends LabelSpec = NoLabels>(
  name: string,
  help: string,
  labels = {} as S,
  across: Across = 'sum',
): Definition<'gauge', S> {
  return { kind: 'gauge', name, help, labels, across, buckets: [] }
}

/**
 * Bounds for times in seconds: those of OpenTelemetry without whole numbers. Prometheus 2 and 3
 * write these differently, so no rule could select them in both.
 */
const seconds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 2.5, 7.5]

/** A distribution of values, by default of times in seconds. */
export function histogram<const S extends LabelSpec = NoLabels>(
  name: string,
  help: string,
  labels = {} as S,
  buckets: readonly number[] = seconds,
): Definition<'histogram', S> {
  return { kind: 'histogram', name, help, labels, across: 'sum', buckets }
}

type Definitions = Readonly<Record<string, Definition>>

/** The metrics of one subject: a table in `docs/metrics.md`. */
export interface MetricGroup<D = Definitions> {
  readonly title: string
  readonly definitions: D
}

/** Names the metrics of a subject; `app.metrics.of(group)` gives what records them. */
export function defineMetrics<const D extends Definitions>(
  title: string,
  definitions: D,
): MetricGroup<D> {
  return { title, definitions }
}

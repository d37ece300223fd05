import type { Finding } from './finding.ts'
import { type Matcher, type Selector, selectorsIn } from './promql.ts'

/**
 * A metric that the service has. Its labels are unknown where a library brings it, and the values of
 * a label where the code doesn't list them.
 */
export interface Metric {
  readonly name: string
  readonly kind: string
  readonly labels: { readonly [label: string]: readonly string[] | null } | null
}

/** A PromQL expression, and whose it is. */
export interface Expression {
  readonly where: string
  readonly expr: string
  /** The series that it records. */
  readonly record?: string
}

/** Labels that Prometheus adds to every series that it scrapes. */
const targetLabels = ['job', 'instance']

/** Series that Prometheus makes itself. */
const prometheusOwn = /^(?:up|ALERTS|ALERTS_FOR_STATE|scrape_\w+)$/

/** Compares the expressions of rules and dashboards with what the service really measures. */
export function checkTelemetry(
  expressions: readonly Expression[],
  metrics: readonly Metric[],
): readonly Finding[] {
  const known = new Map(metrics.flatMap((metric) => seriesOf(metric).map((name) => [name, metric])))
  const recorded = new Set(expressions.flatMap(({ record }) => record ?? []))
  return expressions.flatMap(({ where, expr }) => {
    const faults = selectorsIn(expr).flatMap((selector) => {
      if (prometheusOwn.test(selector.metric) || recorded.has(selector.metric)) return []
      const metric = known.get(selector.metric)
      if (metric !== undefined) {
        return metric.labels === null ? [] : faultsOf(selector, metric.kind, metric.labels)
      }
      return [`no part of the service emits ${selector.metric}`]
    })
    return [...new Set(faults)].map((message): Finding => {
      const hint =
        'Use a metric and labels of docs/metrics.md, or restore the code that emits them.'
      return { check: 'telemetry', level: 'fault', where, message, hint }
    })
  })
}

function seriesOf({ name, kind }: Metric): readonly string[] {
  const suffixes = { histogram: ['_bucket', '_sum', '_count'], summary: ['', '_sum', '_count'] }
  return (suffixes[kind as keyof typeof suffixes] ?? ['']).map((suffix) => name + suffix)
}

function faultsOf(
  { metric, matchers, grouped }: Selector,
  kind: string,
  labels: NonNullable<Metric['labels']>,
): readonly string[] {
  const isKnown = (label: string) =>
    label in labels ||
    targetLabels.includes(label) ||
    (label === 'le' && kind === 'histogram') ||
    (label === 'quantile' && kind === 'summary')
  const used = [...matchers.map(({ label }) => label), ...grouped]
  const missing = used.filter((label) => !isKnown(label))
  const wrong = matchers.filter((matcher) => !canMatch(matcher, labels[matcher.label]))
  return [
    ...missing.map((label) => `${metric} has no label ${label}`),
    ...wrong.map(({ label, value }) => {
      return `${metric} has no ${label} "${value}", only ${(labels[label] ?? []).join(', ')}`
    }),
  ]
}

/** Whether every value that is named is one that the label can have. */
function canMatch({ operator, value }: Matcher, values: readonly string[] | null | undefined) {
  if (values == null || value.includes('$')) return true
  if (operator === '=' || operator === '!=') return values.includes(value) || value === ''
  return value.split('|').every((part) => {
    const pattern = new RegExp(`^(?:${part})$`)
    return values.some((one) => pattern.test(one))
  })
}

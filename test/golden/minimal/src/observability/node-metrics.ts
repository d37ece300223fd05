import type { Registry } from 'prom-client'
import { type Family, formatLabels, type Sample } from './exposition.ts'

/** They are about the process, so every app in it shows the same ones. */
let registry: Promise<Registry> | undefined

/**
 * What Node.js knows about this process: processor time, memory, garbage collection, event loop,
 * open files. No other file knows the library that reads them.
 */
export async function nodeMetrics(): Promise<Family[]> {
  const families = await (await startMeasuring()).getMetricsAsJSON()
  return families.map(({ name, help, type, aggregator, values }) => ({
    name,
    help,
    kind: String(type) as Family['kind'],
    // The library leaves out the start time of workers; the latest start tells of restarts.
    across: aggregator === 'omit' || aggregator === 'first' ? 'max' : aggregator,
    samples: values.map(({ metricName = name, labels, value }: LibrarySample): Sample => {
      return { name: metricName, labels: formatLabels(labels), value }
    }),
  }))
}

/** A sample as the library has it; its types leave out `metricName`. */
type LibrarySample = { metricName?: string; labels: object; value: number }

/** Measures from now on; without it, from the first page on. Loading the library takes a while. */
export function startMeasuring(): Promise<Registry> {
  registry ??= import('prom-client').then(({ collectDefaultMetrics, Registry }) => {
    const register = new Registry()
    // Bounds in seconds, without whole numbers.
    collectDefaultMetrics({ register, gcDurationBuckets: [0.001, 0.01, 0.05, 0.1, 0.25, 0.75] })
    return register
  })
  return registry
}

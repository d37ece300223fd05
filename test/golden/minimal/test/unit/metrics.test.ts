import { expect, test } from 'vitest'
import { type Family, mergeFamilies, renderPage } from '../../src/observability/exposition.ts'
import {
  counter,
  defineMetrics,
  gauge,
  histogram,
} from '../../src/observability/metric-definitions.ts'
import { Metrics } from '../../src/observability/metrics.ts'

const group = defineMetrics('Sample', {
  runs: counter('runs_total', 'Runs.', { name: String, result: ['good', 'bad'] }),
  states: counter('states_total', 'States.', { state: ['on', 'off'] }),
  lowest: gauge('lowest', 'The lowest of all workers.', {}, { across: 'min' }),
  sizes: histogram('sizes_bytes', 'Sizes.', {}, { buckets: [10, 100] }),
})

async function linesOf(metrics: Metrics): Promise<string[]> {
  const families = await metrics.collect()
  const own = families.filter(({ name }) => !/^(nodejs|process)_/.test(name))
  return renderPage(own, undefined).body.split('\n')
}

test('series whose labels list their values start at zero', async () => {
  const metrics = new Metrics()
  metrics.of(group).runs.init({ name: 'a' })
  expect(await linesOf(metrics)).toEqual(
    expect.arrayContaining([
      'states_total{state="on"} 0',
      'states_total{state="off"} 0',
      'runs_total{name="a",result="good"} 0',
      'runs_total{name="a",result="bad"} 0',
    ]),
  )
})

test('beyond 500 combinations of labels, text counts as __other__', async () => {
  const metrics = new Metrics()
  const { runs } = metrics.of(group)
  expect(await linesOf(metrics)).toContain('metrics_dropped_labels_total{metric="runs_total"} 0')
  for (let name = 0; name < 600; name += 1) runs.with({ name: `${name}`, result: 'bad' }).inc()
  const lines = await linesOf(metrics)
  expect(lines.filter((line) => line.startsWith('runs_total{'))).toHaveLength(501)
  expect(lines).toContain('runs_total{name="__other__",result="bad"} 100')
  expect(lines).toContain('metrics_dropped_labels_total{metric="runs_total"} 100')
})

test('a histogram counts values up to each bound', async () => {
  const metrics = new Metrics()
  for (const value of [10, 11, 1_000]) metrics.of(group).sizes.with({}).observe(value)
  expect(await linesOf(metrics)).toEqual(
    expect.arrayContaining([
      'sizes_bytes_bucket{le="10"} 1',
      'sizes_bytes_bucket{le="100"} 2',
      'sizes_bytes_bucket{le="+Inf"} 3',
      'sizes_bytes_sum 1021',
      'sizes_bytes_count 3',
    ]),
  )
})

test('labels are escaped', async () => {
  const metrics = new Metrics()
  metrics.of(group).runs.with({ name: '"\\\n', result: 'good' }).inc()
  expect(await linesOf(metrics)).toContain('runs_total{name="\\"\\\\\\n",result="good"} 1')
})

test('a page is served although a collector fails', async () => {
  const metrics = new Metrics()
  metrics.onCollect(() => Promise.reject(new Error('no database')))
  metrics.onCollect(() => {
    throw new Error('no system')
  })
  metrics.of(group).lowest.with({}).set(3)
  expect(await linesOf(metrics)).toContain('lowest 3')
})

test('the pages of several workers become one', async () => {
  const [first, second] = [new Metrics(), new Metrics()]
  first.of(group).lowest.with({}).set(3)
  second.of(group).lowest.with({}).set(2)
  for (const metrics of [first, second]) metrics.of(group).states.with({ state: 'on' }).inc(5)
  const pages: Family[][] = [await first.collect(), await second.collect()]
  const { body } = renderPage(mergeFamilies(pages), undefined)
  expect(body).toContain('\nlowest 2\n')
  expect(body).toContain('\nstates_total{state="on"} 10\n')
})

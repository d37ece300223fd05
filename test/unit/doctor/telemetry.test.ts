import { describe, expect, it } from 'vitest'
import { selectorsIn } from '../../../src/doctor/promql.ts'
import { checkTelemetry, type Metric } from '../../../src/doctor/telemetry.ts'

const metrics: readonly Metric[] = [
  {
    name: 'logins_total',
    kind: 'counter',
    labels: { result: ['success', 'failure'], route: null },
  },
  { name: 'duration_seconds', kind: 'histogram', labels: { code: null } },
  { name: 'gc_seconds', kind: 'summary', labels: { kind: ['major', 'minor'] } },
  { name: 'nodejs_heap_bytes', kind: 'gauge', labels: null },
]

function messages(...expressions: readonly string[]): readonly string[] {
  const all = expressions.map((expr) => ({ where: 'a.yml: A', expr }))
  return checkTelemetry(all, metrics).map(({ message }) => message)
}

describe('the telemetry check', () => {
  it.each([
    'rate(logins_total{result="failure"}[5m]) > 1',
    'sum by (job, route) (rate(logins_total{result=~"success|failure",job="svc"}[5m]))',
    'sum by (job) (rate(logins_total{result=~"f.*"}[$__rate_interval])) / ignoring (x) up',
    'rate(logins_total{result=~"$result",route="/any"}[5m])',
    'histogram_quantile(0.95, sum by (le, code) (rate(duration_seconds_bucket{le="0.25"}[5m])))',
    'duration_seconds_sum / duration_seconds_count',
    'gc_seconds{quantile="0.99"} > gc_seconds_sum',
    'nodejs_heap_bytes{whatever="x"} and ALERTS{alertstate="firing"} and scrape_duration_seconds > 1',
    'absent(up{job="svc"}) or vector(1)',
    'max(logins_total) without (result) > 3e-1',
  ])('finds nothing wrong with %s', (expr) => {
    expect(messages(expr)).toEqual([])
  })

  it.each([
    ['rate(login_total[5m])', 'no part of the service emits login_total'],
    ['duration_seconds > 1', 'no part of the service emits duration_seconds'],
    ['logins_total_bucket', 'no part of the service emits logins_total_bucket'],
    ['logins_total{resutl="failure"}', 'logins_total has no label resutl'],
    ['sum by (user) (logins_total)', 'logins_total has no label user'],
    ['logins_total{le="1"}', 'logins_total has no label le'],
    ['logins_total{result="failed"}', 'logins_total has no result "failed", only success, failure'],
    ['logins_total{result!="ok"}', 'logins_total has no result "ok", only success, failure'],
    [
      'logins_total{result=~"success|fail"}',
      'logins_total has no result "success|fail", only success, failure',
    ],
  ])('reports %s', (expr, message) => {
    expect(messages(expr)).toEqual([message])
  })

  it('knows what rules record', () => {
    const recorded = { where: 'a.yml: r', expr: 'sum(logins_total)', record: 'job:logins:sum' }
    const used = { where: 'b.yml: B', expr: 'job:logins:sum{any="label"} > 1' }
    expect(checkTelemetry([used, recorded], metrics)).toEqual([])
    expect(checkTelemetry([used], metrics)).toHaveLength(1)
  })

  it('reads labels in any quotes', () => {
    expect(selectorsIn(`x{a='1',b=\`2\`,c="\\"3\\""}`)[0]?.matchers).toEqual([
      { label: 'a', operator: '=', value: '1' },
      { label: 'b', operator: '=', value: '2' },
      { label: 'c', operator: '=', value: '"3"' },
    ])
  })
})

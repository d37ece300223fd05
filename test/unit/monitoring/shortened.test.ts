import { expect, it } from 'vitest'
import { shortened } from '../../support/shortened.ts'

it.each([
  ['a range', 'expr: rate(errors_total[5m]) > 0.1', 'expr: rate(errors_total[10000ms]) > 0.1'],
  [
    'an offset',
    'rate(a_total[1h] offset 5m) > 5 * b',
    'rate(a_total[120000ms] offset 10000ms) > 5 * b',
  ],
  ['both times of a subquery', 'max_over_time(a[1h:5m])', 'max_over_time(a[120000ms:10000ms])'],
  ['how long it lasts', '        for: 2m', '        for: 4000ms'],
  ['an alert without a wait', 'for: 0s', 'for: 0ms'],
  ['the interval of a group', '    interval: 30s', '    interval: 1000ms'],
  ['what Alertmanager waits for', 'group_interval: 5m', 'group_interval: 10000ms'],
  ['several in a line', 'a[1d] / b[6h]', 'a[2880000ms] / b[720000ms]'],
])('divides %s', (_, from, to) => {
  expect(shortened(from, 30)).toBe(to)
})

it.each([
  ['names', 'record: slo:sli_error:ratio_rate5m'],
  ['labels', 'sloth_window: 5m'],
  ['selectors', 'errors_total{http_response_status_code=~"[45]..",window="5m"}'],
  ['thresholds', 'histogram_quantile(0.95, x) > 2'],
  ['texts', 'description: It started 5 times within 15m, for: 5m or longer.'],
])('keeps %s', (_, text) => {
  expect(shortened(text, 30)).toBe(text)
})

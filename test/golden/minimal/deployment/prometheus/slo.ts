/*
 * Writes the recording rules, the burn-rate alerts and their tests from `slo.yml`:
 * `npm run slo`, or `npm run slo -- --check` to find out whether they are up to date.
 *
 * The windows, factors and names are those of sloth (https://sloth.dev), which reads the same file;
 * the method is chapter 5 of Google's SRE Workbook, "Alerting on SLOs".
 */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'

interface Slo {
  name: string
  /** Percentage of good events. */
  objective: number
  sli: { events: { error_query: string; total_query: string } }
  alerting: { name: string; annotations: Record<string, string> }
}

interface SloFile {
  service: string
  slos: Slo[]
}

interface Burn {
  suffix: string
  /** How many times as fast as allowed the error budget is spent. */
  factor: number
  /** The alert waits until both windows are above the factor, and stops soon after the errors do. */
  long: string
  short: string
  severity: 'critical' | 'warning'
}

/** Over 30 days: 2% of the budget in an hour, 5% in six, 10% in a day, 10% in three. */
const burns: Burn[] = [
  { suffix: 'Fast', factor: 14.4, long: '1h', short: '5m', severity: 'critical' },
  { suffix: 'Medium', factor: 6, long: '6h', short: '30m', severity: 'critical' },
  { suffix: 'Slow', factor: 3, long: '1d', short: '2h', severity: 'warning' },
  { suffix: 'Trickle', factor: 1, long: '3d', short: '6h', severity: 'warning' },
]

const windows = ['5m', '30m', '1h', '2h', '6h', '1d', '3d']

/** How many requests the short window must have had: a failure among fewer says little. */
const leastRequests = 10
const seconds: Record<string, number> = { m: 60, h: 3_600, d: 86_400 }
const secondsOf = (window: string) => Number.parseInt(window, 10) * (seconds[window.slice(-1)] ?? 1)

/** Rounds away the noise of floating point numbers. */
function round(value: number): number {
  return Number(value.toPrecision(12))
}

const budgetOf = (slo: Slo) => round(1 - slo.objective / 100)

function labelsOf(file: SloFile, slo: Slo) {
  return {
    sloth_id: `${file.service}-${slo.name}`,
    sloth_service: file.service,
    sloth_slo: slo.name,
  }
}

function selector(file: SloFile, slo: Slo): string {
  return `{sloth_id="${labelsOf(file, slo).sloth_id}"}`
}

function recordingRules(file: SloFile, slo: Slo) {
  const labels = labelsOf(file, slo)
  const of = selector(file, slo)
  const { error_query, total_query } = slo.sli.events
  const over = (query: string, window: string) =>
    `(${query.trim().replaceAll('{{.window}}', window)})`
  const month = `slo:sli_error:ratio_rate5m${of}[30d]`
  return [
    ...windows.map((window) => ({
      record: `slo:sli_error:ratio_rate${window}`,
      expr: `${over(error_query, window)}\n/\n${over(total_query, window)}\n`,
      labels: { ...labels, sloth_window: window },
    })),
    ...burns.map(({ short }) => ({
      record: `slo:sli_total:rate${short}`,
      expr: over(total_query, short),
      labels: { ...labels, sloth_window: short },
    })),
    {
      record: 'slo:sli_error:ratio_rate30d',
      expr: `sum_over_time(${month}) / ignoring (sloth_window) count_over_time(${month})`,
      labels: { ...labels, sloth_window: '30d' },
    },
    { record: 'slo:objective:ratio', expr: `vector(${round(slo.objective / 100)})`, labels },
    { record: 'slo:error_budget:ratio', expr: `vector(${budgetOf(slo)})`, labels },
    { record: 'slo:time_period:days', expr: 'vector(30)', labels },
    {
      record: 'slo:current_burn_rate:ratio',
      expr: `slo:sli_error:ratio_rate5m${of} / ignoring (sloth_window) slo:error_budget:ratio${of}`,
      labels,
    },
    {
      record: 'slo:period_burn_rate:ratio',
      expr: `slo:sli_error:ratio_rate30d${of} / ignoring (sloth_window) slo:error_budget:ratio${of}`,
      labels,
    },
    {
      record: 'slo:period_error_budget_remaining:ratio',
      expr: `1 - slo:period_burn_rate:ratio${of}`,
      labels,
    },
  ]
}

function thresholdOf(slo: Slo, { factor, suffix }: Burn): number {
  const threshold = round(factor * budgetOf(slo))
  if (threshold < 1) return threshold
  const least = 100 - 100 / factor
  throw new Error(
    `slo.yml: ${slo.name} never reaches ${slo.alerting.name}${suffix}; set an objective above ${least.toFixed(1)}`,
  )
}

function alertOf(file: SloFile, slo: Slo, burn: Burn) {
  const { short, long } = burn
  const above = (series: string, threshold: number | string) =>
    `max(slo:${series}${selector(file, slo)}) without (sloth_window) > ${threshold}`
  const burning = [short, long].map((window) =>
    above(`sli_error:ratio_rate${window}`, thresholdOf(slo, burn)),
  )
  const busy = above(`sli_total:rate${short}`, `${leastRequests} / ${secondsOf(short)}`)
  return {
    alert: `${slo.alerting.name}${burn.suffix}`,
    expr: `${[...burning, busy].join('\nand\n')}\n`,
    for: '0s',
    labels: { severity: burn.severity, job: file.service },
    annotations: slo.alerting.annotations,
  }
}

function rulesOf(file: SloFile) {
  return {
    groups: [
      ...file.slos.map((slo) => ({
        name: `slo_${slo.name}`,
        rules: recordingRules(file, slo),
      })),
      {
        name: 'application_health',
        rules: file.slos.flatMap((slo) => burns.map((burn) => alertOf(file, slo, burn))),
      },
    ],
  }
}

/** Feeds the alerts what the recording rules would record, just above and just below thresholds. */
function testsOf(file: SloFile, slo: Slo, burn: Burn) {
  const name = `${slo.alerting.name}${burn.suffix}`
  const threshold = thresholdOf(slo, burn)
  const { sloth_id } = labelsOf(file, slo)
  const series = (metric: string, value: number) => ({
    series: `slo:${metric}${selector(file, slo)}`,
    values: `${round(value)}x5`,
  })
  const test = (
    title: string,
    [short, long, total]: [short: number, long: number, total: number],
    alerts: object[],
  ) => ({
    name: `${name} ${title}`,
    interval: '1m',
    external_labels: externalLabels,
    input_series: [
      series(`sli_error:ratio_rate${burn.short}`, threshold * short),
      series(`sli_error:ratio_rate${burn.long}`, threshold * long),
      series(`sli_total:rate${burn.short}`, (leastRequests / secondsOf(burn.short)) * total),
    ],
    alert_rule_test: [{ eval_time: '2m', alertname: name, exp_alerts: alerts }],
  })
  const firing = {
    exp_labels: { severity: burn.severity, job: file.service, sloth_id },
    exp_annotations: Object.fromEntries(
      Object.entries(alertOf(file, slo, burn).annotations).map(([key, text]) => [
        key,
        text.replaceAll(
          /\{\{ \$externalLabels\.(\w+) \}\}/g,
          (_, label) => externalLabels[label] ?? '',
        ),
      ]),
    ),
  }
  return [
    test('fires while both windows burn', [1.1, 1.1, 1.1], [firing]),
    test('stays quiet before the long window burns', [1.1, 0.9, 1.1], []),
    test('stops once the short window has recovered', [0.9, 1.1, 1.1], []),
    test('stays quiet with almost no requests', [1.1, 1.1, 0.9], []),
  ]
}

const externalLabels: Record<string, string> = {
  runbooks: 'https://example.com/runbooks',
  grafana: 'https://grafana.example.com',
}

function text(comment: string, content: object): string {
  return `# ${comment}\n${stringify(content, { lineWidth: 0, aliasDuplicateObjects: false })}`
}

const folder = import.meta.dirname
const file: SloFile = parse(await readFile(join(folder, 'slo.yml'), 'utf8'))
const written = 'Written by `npm run slo` from slo.yml.'
const outputs = {
  'alerts/slo.yml': text(written, rulesOf(file)),
  'tests/slo.test.yml': text(written, {
    rule_files: ['../alerts/slo.yml'],
    evaluation_interval: '1m',
    tests: file.slos.flatMap((slo) => burns.flatMap((burn) => testsOf(file, slo, burn))),
  }),
}
const check = process.argv.includes('--check')
for (const [name, content] of Object.entries(outputs)) {
  const path = join(folder, name)
  if ((await readFile(path, 'utf8').catch(() => '')) === content) continue
  if (check) {
    console.error(`${path} differs from slo.yml. Run: npm run slo`)
    process.exitCode = 1
  } else {
    await writeFile(path, content)
    console.log(`wrote ${path}`)
  }
}

import { beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { features } from '../src/features/index.ts'
import { createdService } from './support/service.ts'
import { type Tree, treeOf } from './support/tree.ts'

/* What promtool and Grafana don't check. `test/e2e/monitoring.test.ts` runs promtool and amtool. */

interface Alert {
  readonly alert: string
  readonly expr: string
  readonly for?: string
  readonly labels: { readonly severity: string }
  readonly annotations: { readonly [name: string]: string }
}

interface RuleFile {
  readonly groups: readonly { readonly name: string; readonly rules: readonly Alert[] }[]
}

interface TestFile {
  readonly tests: readonly {
    readonly alert_rule_test?: readonly {
      readonly alertname: string
      readonly exp_alerts: readonly unknown[]
    }[]
  }[]
}

interface Slo {
  readonly name: string
  readonly objective: number
}

interface Panel {
  readonly id: number
  readonly type: string
  readonly title: string
  readonly description?: string
  readonly gridPos: {
    readonly x: number
    readonly y: number
    readonly w: number
    readonly h: number
  }
  readonly fieldConfig?: {
    readonly defaults: {
      readonly unit?: string
      readonly mappings?: unknown
      readonly thresholds?: { readonly steps: readonly { readonly value: number | null }[] }
    }
  }
  readonly targets?: readonly { readonly expr: string; readonly datasource: { uid: string } }[]
}

/** The groups of the design; a feature that isn't there yet brings its own. */
const groups = [
  'application_health',
  'authentication',
  'cache',
  'circuit_breakers',
  'dependencies',
  'external_services',
  'meta',
  'performance',
  'rate_limiting',
  'resources',
  'retries',
  'validation',
]

const services: readonly (readonly [string, readonly string[]])[] = [
  ['minimal', ['--preset', 'minimal']],
  ['standard', []],
  ...features
    .filter(({ internal }) => !internal)
    .map(({ id }) => [`with ${id}`, ['--preset', 'minimal', '--features', id]] as const),
]

const dashboard = 'deployment/grafana/dashboards/application-overview.json'

function filesIn(tree: Tree, folder: string): string[] {
  return Object.keys(tree).filter((path) => path.startsWith(folder))
}

function alertsOf(tree: Tree): (Alert & { readonly file: string; readonly group: string })[] {
  return filesIn(tree, 'deployment/prometheus/alerts/').flatMap((file) =>
    (parse(tree[file] ?? '') as RuleFile).groups.flatMap(({ name, rules }) =>
      rules
        .filter(({ alert }) => alert !== undefined)
        .map((rule) => ({ ...rule, file, group: name })),
    ),
  )
}

function metricsIn(expr: string): string[] {
  return (
    expr
      .replaceAll(/\{[^}]*\}|\b(?:by|without|on|ignoring)\s*\([^)]*\)/g, ' ')
      .match(/\b[a-z][a-z0-9]*[_:][a-z0-9_:]*\b(?!\s*\()/g)
      ?.map((name) => name.replace(/_(bucket|count|sum)$/, '')) ?? []
  )
}

function numbersIn(expr: string): number[] {
  return [...expr.matchAll(/(?:>|<|==)\s*(-?[\d.]+)/g)].map(([, number]) => Number(number))
}

describe.each(services)('the monitoring of a service, %s', (_name, flags) => {
  let tree: Tree
  let alerts: ReturnType<typeof alertsOf>
  let panels: readonly Panel[]

  beforeAll(async () => {
    tree = treeOf(await createdService(...flags))
    alerts = alertsOf(tree)
    panels = (JSON.parse(tree[dashboard] ?? '') as { panels: Panel[] }).panels
  })

  it('has alerts with all that their readers need', () => {
    expect(alerts.length).toBeGreaterThan(20)
    for (const { alert, labels, annotations, for: wait } of alerts) {
      expect(labels.severity, alert).toMatch(/^(critical|warning|none)$/)
      expect(wait, alert).toMatch(/^\d+[smh]$/)
      for (const text of [annotations.summary, annotations.description]) {
        expect(text, alert).toMatch(/\w{3}/)
      }
      expect(annotations.summary, alert).not.toContain('$value')
      expect(annotations.dashboard_url, alert).toContain('/d/application-overview')
    }
    const names = alerts.map(({ alert }) => alert)
    expect(names).toEqual([...new Set(names)])
    for (const { group } of alerts) expect(groups).toContain(group)
  })

  it('has a runbook for each alert, with checks and actions', () => {
    for (const { alert, annotations } of alerts) {
      const [page = '', anchor] =
        (annotations.runbook_url ?? '').split('/').at(-1)?.split('#') ?? []
      const text = tree[`docs/runbooks/${page}`] ?? ''
      const heading = alert.replace(/(Fast|Medium|Slow|Trickle)$/, '')
      expect(anchor, alert).toBe((text.includes(`## ${alert}\n`) ? alert : heading).toLowerCase())
      const section = text
        .split(/^## /m)
        .find((part) => part.startsWith(`${alert}\n`) || part.startsWith(`${heading}\n`))
      expect(section?.length, `${alert} in ${page}`).toBeGreaterThan(120)
    }
  })

  it('has no runbook for an alert that is gone', () => {
    const known = alerts.map(({ alert }) => alert)
    for (const path of filesIn(tree, 'docs/runbooks/')) {
      for (const [, heading = ''] of (tree[path] ?? '').matchAll(/^## (\w+)$/gm)) {
        expect(
          known.some((alert) => alert.startsWith(heading)),
          `${path}: ${heading}`,
        ).toBe(true)
      }
    }
  })

  it('has a case in which each alert fires, and one in which it stays quiet', () => {
    const cases = filesIn(tree, 'deployment/prometheus/tests/').flatMap((file) =>
      (parse(tree[file] ?? '') as TestFile).tests.flatMap((test) => test.alert_rule_test ?? []),
    )
    for (const { alert } of alerts) {
      const own = cases.filter(({ alertname }) => alertname === alert)
      expect(
        own.some(({ exp_alerts }) => exp_alerts.length > 0),
        `${alert} fires`,
      ).toBe(true)
      if (alert === 'Watchdog') continue
      expect(
        own.some(({ exp_alerts }) => exp_alerts.length === 0),
        `${alert} is quiet`,
      ).toBe(true)
    }
  })

  it('selects no bucket by a whole number', () => {
    const expressions = [
      ...alerts.map(({ expr }) => expr),
      ...panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr)),
      ...filesIn(tree, 'deployment/prometheus/').map((path) => tree[path] ?? ''),
    ]
    for (const expr of expressions) expect(expr).not.toMatch(/\ble=~?"\d+(\.0)?"/)
  })

  it('has a dashboard whose panels can be told apart and overlap nowhere', () => {
    const ids = panels.map(({ id }) => id)
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b))
    const taken = new Set<string>()
    for (const { title, gridPos } of panels) {
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x++) {
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y++) {
          expect(taken.has(`${x} ${y}`), `${title} at ${x}, ${y}`).toBe(false)
          taken.add(`${x} ${y}`)
        }
      }
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24)
    }
  })

  it('has panels with a unit, a description and queries that follow the variables', () => {
    for (const { title, type, description, fieldConfig, targets = [] } of panels) {
      if (type === 'row') continue
      expect(description, title).toMatch(/\.$/)
      expect(fieldConfig?.defaults.unit, title).toBeTruthy()
      expect(targets.length, title).toBeGreaterThan(0)
      for (const { expr, datasource } of targets) {
        expect(datasource.uid).toBe(`\${datasource}`)
        for (const [selector] of expr.matchAll(/\b[a-z][a-z0-9_:]*\{[^}]*\}/g)) {
          expect(selector, title).toMatch(
            selector.startsWith('slo:')
              ? /sloth_service=~"\$job"/
              : /job=~"\$job",instance=~"\$instance"/,
          )
        }
        for (const [, range] of expr.matchAll(/\}\[([^\]]+)\]/g)) {
          expect(['$__rate_interval', '1h'], title).toContain(range)
        }
        if (expr.includes('histogram_quantile')) expect(expr).toMatch(/sum by \(([\w, ]+, )?le\)/)
      }
    }
  })

  it('has burn rates in the terminal for the objective of slo.yml', () => {
    const file = parse(tree['deployment/prometheus/slo.yml'] ?? '') as { slos: Slo[] }
    const slo = file.slos.find(({ name }) => name === 'availability')
    expect(tree['src/observability/cli.ts']).toContain(`    percentage,\n    ${slo?.objective},\n`)
  })

  it('draws the thresholds of the alerts, and no others', () => {
    for (const { id, title, fieldConfig, targets = [] } of panels) {
      const { thresholds, mappings } = fieldConfig?.defaults ?? {}
      // The row of the objectives shows burn rates, the thresholds of which depend on slo.yml.
      if (thresholds === undefined || mappings !== undefined || id < 100) continue
      const shown = targets.flatMap(({ expr }) => metricsIn(expr))
      const meant = alerts
        .filter(({ expr }) => metricsIn(expr).some((metric) => shown.includes(metric)))
        .flatMap(({ expr }) => numbersIn(expr))
      for (const { value } of thresholds.steps) {
        if (value !== null) expect([...meant, ...meant.map((n) => n + 1)], title).toContain(value)
      }
    }
  })
})

import { join } from 'node:path'
import { parseYamlText } from '../edits/read-yaml.ts'
import { UserError } from '../errors.ts'
import { namesIn, readTextIfAny } from '../system/files.ts'
import type { Expression } from './telemetry.ts'

/** A rule that fires. */
export interface Alert {
  readonly name: string
  /** Its file, from the project's root. */
  readonly where: string
  readonly runbook: string | undefined
}

/** What a project has for Prometheus and Grafana. */
export interface MonitoringFiles {
  readonly expressions: readonly Expression[]
  readonly alerts: readonly Alert[]
  /** Alerts of which a test expects that they fire. */
  readonly fired: ReadonlySet<string>
  /** Alerts of which a test expects that they don't. */
  readonly quiet: ReadonlySet<string>
}

interface Rule {
  readonly alert?: string
  readonly record?: string
  readonly expr: string
  readonly annotations?: { readonly runbook_url?: string }
}

interface RuleFile {
  readonly groups?: readonly { readonly rules?: readonly Rule[] }[]
}

interface TestFile {
  readonly tests?: readonly {
    readonly alert_rule_test?: readonly {
      readonly alertname: string
      readonly exp_alerts?: readonly unknown[]
    }[]
  }[]
}

interface Panel {
  readonly title?: string
  readonly targets?: readonly { readonly expr?: string }[]
  readonly panels?: readonly Panel[]
}

const rules = 'deployment/prometheus/alerts'
const tests = 'deployment/prometheus/tests'
const dashboards = 'deployment/grafana/dashboards'

/**
 * Reads rules, their tests and dashboards; undefined where a project has none.
 * @throws if a file can't be parsed
 */
export function readMonitoring(root: string): MonitoringFiles | undefined {
  const read = <T>(folder: string, ending: string, parse: (text: string) => T) =>
    namesIn(join(root, folder))
      .filter((name) => name.endsWith(ending))
      .map((name) => {
        const where = `${folder}/${name}`
        return { where, content: parsed(where, readTextIfAny(join(root, where)) ?? '', parse) }
      })
  const ruleFiles = read(rules, '.yml', (text) => parseYamlText(text) as RuleFile)
  if (ruleFiles.length === 0) return undefined
  const all = ruleFiles.flatMap(({ where, content }) =>
    (content?.groups ?? []).flatMap((group) =>
      (group.rules ?? []).map((rule) => ({ ...rule, where })),
    ),
  )
  const cases = read(tests, '.yml', (text) => parseYamlText(text) as TestFile)
    .flatMap(({ content }) => content?.tests ?? [])
    .flatMap(({ alert_rule_test = [] }) => alert_rule_test)
  const expecting = (isFiring: boolean) =>
    new Set(
      cases
        .filter(({ exp_alerts = [] }) => exp_alerts.length > 0 === isFiring)
        .map(({ alertname }) => alertname),
    )
  const panels = read(dashboards, '.json', (text) => JSON.parse(text) as { panels?: Panel[] })
  return {
    expressions: [
      ...all.map(({ where, alert, record, expr }) => ({
        where: `${where}: ${alert ?? record}`,
        expr: String(expr),
        ...(record === undefined ? {} : { record }),
      })),
      ...panels.flatMap(({ where, content }) => panelExpressions(where, content.panels ?? [])),
    ],
    alerts: all.flatMap(({ alert, where, annotations }) =>
      alert === undefined ? [] : [{ name: alert, where, runbook: annotations?.runbook_url }],
    ),
    fired: expecting(true),
    quiet: expecting(false),
  }
}

function panelExpressions(where: string, panels: readonly Panel[]): readonly Expression[] {
  return panels.flatMap(({ title = '', targets = [], panels: inner = [] }) => [
    ...targets.flatMap(({ expr }) => (expr ? [{ where: `${where}: ${title}`, expr }] : [])),
    ...panelExpressions(where, inner),
  ])
}

function parsed<T>(where: string, text: string, parse: (text: string) => T): T {
  try {
    return parse(text)
  } catch (error) {
    const [reason = ''] = String(error instanceof Error ? error.message : error).split('\n')
    throw new UserError({
      code: 'PARSE_ERROR',
      message: `${where} can't be read: ${reason}`,
      hint: 'Fix the file, then run the command again.',
      cause: error,
    })
  }
}

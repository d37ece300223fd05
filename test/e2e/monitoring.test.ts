import { spawnSync } from 'node:child_process'
import { readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copiedService } from '../support/copied-service.ts'
import { succeed } from '../support/processes.ts'
import { createdService } from '../support/service.ts'

/*
 * The rules, tests and configuration of Prometheus and Alertmanager, checked by their own tools.
 * PROMETHEUS_PATHS names the folders of the versions to check with, as PATH does; by default it is the
 * installed one.
 */

const isInstalled = spawnSync('promtool', ['--version']).status === 0
const versions = process.env.PROMETHEUS_PATHS?.split(':') ?? (isInstalled ? [''] : [])
if (versions.length === 0) {
  process.stderr.write('Alerts are not checked: promtool is not installed (apt: prometheus).\n')
}

const services: readonly (readonly [string, readonly string[]])[] = [
  ['minimal', ['--preset', 'minimal']],
  ['standard', []],
  ...['auth', 'database', 'rate-limit', 'resilience'].map(
    (id) => [id, ['--preset', 'minimal', '--features', id]] as const,
  ),
]

/** The route that Alertmanager takes for an alert. */
const routes = [
  ['severity=critical', 'pagerduty'],
  ['severity=warning', 'slack'],
  ['severity=unknown', 'email'],
  ['alertname=Watchdog', 'watchdog'],
] as const

describe.skipIf(versions.length === 0)('the monitoring of a service', () => {
  describe.each(versions)('with the tools in "%s"', (folder) => {
    const tool = (name: string) => (folder === '' ? name : join(folder, name))

    it.each(services)(
      'has rules that promtool accepts, and whose tests pass: %s',
      async (_, flags) => {
        const root = join(await createdService(...flags), 'deployment/prometheus')
        const files = (sub: string) => readdirSync(join(root, sub)).map((name) => `${sub}/${name}`)
        const lint = ['check', 'rules', '--lint=all', '--lint-fatal']
        await succeed(root, [tool('promtool'), ...lint, ...files('alerts')])
        await succeed(root, [tool('promtool'), 'test', 'rules', ...files('tests')])
        await succeed(root, [tool('promtool'), 'check', 'config', 'prometheus.yml'])
      },
    )

    it('has dashboard queries that promtool accepts', async () => {
      const root = await createdService()
      const path = join(root, 'deployment/grafana/dashboards/application-overview.json')
      const { default: dashboard } = await import(path, { with: { type: 'json' } })
      const rules = (dashboard.panels as { targets?: { expr: string }[] }[])
        .flatMap(({ targets = [] }) => targets)
        .map(({ expr }, i) => ({
          record: `panel:${i}`,
          expr: expr.replaceAll('$__rate_interval', '1m').replaceAll(/\$\w+/g, '.*'),
        }))
      expect(rules.length).toBeGreaterThan(50)
      const file = join(root, 'panels.json')
      writeFileSync(file, JSON.stringify({ groups: [{ name: 'panels', rules }] }))
      await succeed(root, [tool('promtool'), 'check', 'rules', file])
    })

    it('sends alerts where they belong', async () => {
      const root = join(await createdService('--preset', 'minimal'), 'deployment/alertmanager')
      await succeed(root, [tool('amtool'), 'check-config', 'alertmanager.yml'])
      const route = ['config', 'routes', 'test', '--config.file=alertmanager.yml']
      for (const [labels, receiver] of routes) {
        const output = await succeed(root, [tool('amtool'), ...route, labels])
        expect(output).toContain(receiver)
      }
    })
  })

  it('has tests that notice broken alerts', async () => {
    const root = copiedService()
    const output = await succeed(root, ['npm', 'run', 'alerts:mutate'])
    expect(output).toMatch(/\d{3} of \d{3} mutants noticed \((100\.0|9[89]\.\d)%\)/)
    await succeed(root, ['npm', 'run', 'alerts'])
  })

  it('has rules that follow from slo.yml', async () => {
    const root = copiedService()
    await succeed(root, ['npm', 'run', 'slo', '--', '--check'])
    rmSync(join(root, 'deployment/prometheus/alerts/slo.yml'))
    await expect(succeed(root, ['npm', 'run', 'slo', '--', '--check'])).rejects.toThrow(
      'npm run slo',
    )
    await succeed(root, ['npm', 'run', 'slo'])
    await succeed(root, ['npm', 'run', 'slo', '--', '--check'])
  })
})

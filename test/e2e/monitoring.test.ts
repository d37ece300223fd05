import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { copiedService } from '../support/copied-service.ts'
import { execute, succeed } from '../support/processes.ts'
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

interface Report {
  readonly ok: boolean
  readonly findings: readonly {
    readonly check: string
    readonly where: string
    readonly message: string
  }[]
}

const services: readonly (readonly [string, readonly string[]])[] = [
  ['minimal', ['--preset', 'minimal']],
  ['standard', []],
  ...['auth', 'cache', 'database', 'rate-limit', 'resilience'].map(
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

describe('doctor', () => {
  const examined = async (root: string, ...flags: string[]) => {
    const words = [join(root, 'node_modules/.bin/create-service'), 'doctor', '--json', ...flags]
    // As on a machine where nothing is set.
    const env = { DATABASE_URL: undefined, REDIS_URL: undefined }
    const { code, output } = await execute(root, words, env)
    const report = JSON.parse(output.slice(output.indexOf('{\n'))) as Report
    return { code, ...report }
  }

  it('finds nothing wrong with a fresh service', async () => {
    const { code, ok, findings } = await examined(copiedService())
    expect(findings).toEqual([])
    expect({ code, ok }).toEqual({ code: 0, ok: true })
  })

  describe('of a service in which five things are wrong', () => {
    let found: Awaited<ReturnType<typeof examined>>

    beforeAll(async () => {
      const root = copiedService()
      const change = (path: string, from: string, to: string) => {
        const text = readFileSync(join(root, path), 'utf8')
        expect(text).toContain(from)
        writeFileSync(join(root, path), text.replaceAll(from, to))
      }
      change('src/resilience/metrics.ts', "'external_service_timeouts_total'", "'timeouts_total'")
      change('src/http/metering.ts', 'if (status === 413) http.tooLarge.with({}).inc()', '')
      change('deployment/prometheus/alerts/auth.yml', 'result="denied"', 'result="refused"')
      change('.env.example', 'PORT=8000', 'PORT=8000\nFORGOTTEN=1')
      rmSync(join(root, 'docs/runbooks/resources.md'))
      found = await examined(root)
    })

    const messages = (check: string) =>
      found.findings.filter((one) => one.check === check).map(({ message }) => message)

    it('exits with 1', () => {
      expect(found).toMatchObject({ code: 1, ok: false })
    })

    it('names a metric that was renamed', () => {
      const message = 'no part of the service emits external_service_timeouts_total'
      expect(messages('telemetry')).toContain(message)
    })

    it('names a metric that nothing records any more', () => {
      expect(messages('recorders')).toEqual([
        'no code records request_size_limit_rejections_total (`tooLarge`)',
      ])
    })

    it('names a label value that is mistyped', () => {
      const message = 'permission_checks_total has no result "refused", only granted, denied'
      expect(messages('telemetry')).toContain(message)
    })

    it('names a runbook that was deleted', () => {
      expect(messages('alerts')).toContain('its runbook docs/runbooks/resources.md is missing')
    })

    it('names a variable that nothing reads', () => {
      expect(messages('settings')).toEqual(['nothing reads FORGOTTEN'])
    })
  })

  it('checks what a deployment needs', async () => {
    const { code, findings } = await examined(copiedService(), '--deploy')
    expect(code).toBe(1)
    const where = findings.filter(({ check }) => check === 'deploy').map((one) => one.where)
    expect(where).toContain('DATABASE_URL')
    expect(where).toContain('deployment/alertmanager/alertmanager.yml')
  })
})

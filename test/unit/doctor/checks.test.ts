import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { checkAlerts } from '../../../src/doctor/alerts.ts'
import { checkDeployment, type Setting } from '../../../src/doctor/deploy.ts'
import { checkLive } from '../../../src/doctor/live.ts'
import { checkSettings } from '../../../src/doctor/settings.ts'

describe('the alerts check', () => {
  const runbooks = { 'docs/runbooks/logins.md': '# Logins\n\n## TooMany Logins!\n' }
  const read = (path: string) => (runbooks as Record<string, string>)[path]
  const url = 'https://git.example/docs/runbooks/logins.md#toomany-logins'
  const alert = { name: 'TooMany', where: 'deployment/prometheus/alerts/auth.yml', runbook: url }
  const tested = { expressions: [], fired: new Set(['TooMany']), quiet: new Set(['TooMany']) }
  const messages = (change: object, files = read) =>
    checkAlerts({ ...tested, alerts: [alert], ...change }, files).map(({ message }) => message)

  it('finds nothing wrong with an alert that is tested and explained', () => {
    expect(messages({})).toEqual([])
  })

  it('reports an alert without tests', () => {
    expect(messages({ fired: new Set() })).toEqual(['no test sees it fire'])
    expect(messages({ quiet: new Set() })).toEqual(['no test sees it stay quiet'])
  })

  it('reports a runbook that is missing, as a page, a section or a link', () => {
    const missing = 'its runbook docs/runbooks/logins.md is missing'
    expect(messages({}, () => undefined)).toEqual([missing])
    expect(messages({ alerts: [{ ...alert, runbook: `${url}s` }] })).toEqual([
      'docs/runbooks/logins.md has no section #toomany-loginss',
    ])
    expect(messages({ alerts: [{ ...alert, runbook: undefined }] })).toEqual([
      'it has no runbook_url',
    ])
  })
})

describe('the settings check', () => {
  const source = 'const home = process.env.HOME_DIR'

  it('finds nothing wrong where each variable is read', () => {
    expect(
      checkSettings('# Text, see PORT\nPORT=8000\n# HOME_DIR=/tmp\n', ['PORT'], [source]),
    ).toEqual([])
  })

  it('reports variables that nothing reads, and those that nobody is told of', () => {
    const messages = checkSettings('PORT=1\n# OLD=x\n', ['PORT'], [source]).map(
      ({ message }) => message,
    )
    expect(messages).toEqual(['nothing reads OLD', "HOME_DIR is read, and isn't there"])
  })
})

describe('the deployment check', () => {
  const files: Record<string, string> = {
    'deployment/prometheus/prometheus.yml': 'scrape_configs:\n  - job_name: svc\n',
    'deployment/alertmanager/alertmanager.yml': 'route:\n  receiver: team\n',
  }
  const good: Record<string, unknown> = {
    APP_DEBUG: false,
    LOG_LEVEL: 'info',
    METRICS_ENABLED: false,
    METRICS_PORT: 9464,
    RATE_LIMIT_DEFAULT_LIMIT: 50,
    RATE_LIMIT_ENABLED: true,
    RATE_LIMIT_MODE: 'enforce',
    REDIS_URL: '********',
  }
  const settingsOf = (values: Record<string, unknown>) =>
    Object.entries(values).map(([variable, value]): Setting => {
      return { variable, value, source: value === null ? 'unset' : 'environment' }
    })
  const found = (
    values: Record<string, unknown>,
    changed: Record<string, string | undefined> = {},
    names: readonly string[] = ['a'],
  ) =>
    checkDeployment(
      { faults: [], values: settingsOf({ ...good, ...values }) },
      (path) => ({ ...files, ...changed })[path],
      () => names,
    ).map(({ level, where }) => `${level} ${where}`)

  it('finds nothing wrong with a service that is ready', () => {
    expect(found({})).toEqual([])
  })

  it.each([
    ['APP_DEBUG', true, 'fault'],
    ['LOG_LEVEL', 'debug', 'warning'],
    ['LOG_LEVEL', 'silent', 'fault'],
    ['RATE_LIMIT_ENABLED', false, 'fault'],
    ['RATE_LIMIT_MODE', 'report-only', 'warning'],
    ['REDIS_URL', null, 'warning'],
    ['METRICS_PORT', null, 'fault'],
  ])('reports %s=%s as a %s', (variable, value, level) => {
    expect(found({ [variable]: value })).toEqual([`${level} ${variable}`])
  })

  it('reports a limit that nobody has chosen', () => {
    const values = settingsOf(good).map((setting) =>
      setting.variable === 'RATE_LIMIT_DEFAULT_LIMIT'
        ? { ...setting, source: 'default' as const }
        : setting,
    )
    const [only, ...others] = checkDeployment(
      { faults: [], values },
      (path) => files[path],
      () => [''],
    )
    expect(only).toMatchObject({ where: 'RATE_LIMIT_DEFAULT_LIMIT', level: 'warning' })
    expect(others).toEqual([])
  })

  it('reports files that are missing or still name example.com', () => {
    const [prometheus = '', alertmanager = ''] = Object.keys(files)
    expect(found({}, { [prometheus]: undefined })).toEqual([`fault ${prometheus}`])
    expect(found({}, { [alertmanager]: undefined })).toEqual([`fault ${alertmanager}`])
    const both = 'to: team@example.com\n  - job_name: svc\n'
    expect(found({}, { [prometheus]: both, [alertmanager]: both })).toEqual([
      `fault ${prometheus}`,
      `fault ${alertmanager}`,
    ])
    expect(found({}, {}, [])).toEqual([
      'fault deployment/grafana/dashboards',
      'fault deployment/grafana/provisioning',
      'warning test/load',
      'warning test/chaos',
    ])
  })

  it('reports what the service itself refuses', () => {
    const faults = [{ variable: 'DATABASE_URL', message: 'is missing' }]
    const [first] = checkDeployment(
      { faults, values: [] },
      (path) => files[path],
      () => ['a'],
    )
    expect(first).toMatchObject({ level: 'fault', where: 'DATABASE_URL', message: 'is missing' })
  })
})

describe('the check of a running service', () => {
  const secure = {
    'content-security-policy': "default-src 'none'",
    'content-type': 'application/problem+json',
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'permissions-policy': 'camera=()',
    'referrer-policy': 'no-referrer',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'x-request-id': '1',
  }

  async function serve(listener: RequestListener): Promise<string> {
    const server = createServer(listener).listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    onTestFinished(() => void server.close())
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }

  const answering = (statuses: Record<string, number>, headers: object = {}) =>
    serve(({ url = '' }, response) => {
      response.writeHead(statuses[url] ?? 404, { ...secure, ...headers }).end('{}')
    })
  const healthy = { '/health/live': 200, '/health/ready': 200 }
  const noTls = "the connection isn't encrypted"

  it('finds nothing wrong with a healthy service but the missing TLS', async () => {
    const found = await checkLive(await answering(healthy))
    expect(found.map(({ message }) => message)).toEqual([noTls])
    expect(found[0]?.level).toBe('warning')
  })

  it('reports headers that are missing, wrong or tell too much', async () => {
    const headers = { 'x-frame-options': 'ALLOWALL', 'x-powered-by': 'Express', server: 'nginx' }
    const found = await checkLive(await answering(healthy, { ...headers, 'referrer-policy': '' }))
    expect(found.map(({ message }) => message)).toEqual([
      'the header x-frame-options is "ALLOWALL"',
      'the header referrer-policy is ""',
      'the header server reveals "nginx"',
      'the header x-powered-by reveals "Express"',
      noTls,
    ])
  })

  it('reports a service that is not ready, and what is open to everybody', async () => {
    const found = await checkLive(
      await answering({ ...healthy, '/health/ready': 503, '/metrics': 200, '/docs': 302 }),
    )
    expect(found.map(({ message }) => message)).toEqual([
      'it answers 503',
      noTls,
      'the metrics are public',
      'the page has no application_info',
      'the documentation is public',
    ])
  })

  it('reports a service that does not answer', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as AddressInfo
    await new Promise((resolve) => server.close(resolve))
    const [only] = await checkLive(`http://127.0.0.1:${port}`)
    expect(only).toMatchObject({ level: 'fault', message: "it doesn't answer: ECONNREFUSED" })
  })
})

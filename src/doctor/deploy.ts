import type { Finding } from './finding.ts'

/** A setting as `config show --json` prints it. */
export interface Setting {
  readonly variable: string
  readonly value: unknown
  readonly source: 'environment' | 'default' | 'unset'
}

/** What a service says about its settings, read as production reads them. */
export interface Settings {
  readonly faults: readonly { readonly variable?: string; readonly message?: string }[]
  readonly values: readonly Setting[]
}

/** Checks settings and files as one would before a first deployment. */
export function checkDeployment(
  { faults, values }: Settings,
  read: (path: string) => string | undefined,
  namesIn: (folder: string) => readonly string[],
): readonly Finding[] {
  const finding =
    (level: Finding['level']) =>
    (where: string, message: string, hint: string): Finding => {
      return { check: 'deploy', level, where, message, hint }
    }
  const [fault, warning] = [finding('fault'), finding('warning')]
  const setting = (name: string) => values.find(({ variable }) => variable === name)
  const is = (name: string, ...wanted: unknown[]) => wanted.includes(setting(name)?.value)
  const isMissing = (name: string) => setting(name)?.source === 'unset'
  const hasExamples = (path: string) => /example\.(?:com|org)\b/.test(read(path) ?? '')
  const prometheus = 'deployment/prometheus/prometheus.yml'
  const alertmanager = 'deployment/alertmanager/alertmanager.yml'

  const rules: readonly (readonly [boolean, () => Finding])[] = [
    [
      is('APP_DEBUG', true),
      () => fault('APP_DEBUG', 'clients see the messages of unexpected errors', 'Set it to false.'),
    ],
    [
      is('LOG_LEVEL', 'debug', 'trace'),
      () => warning('LOG_LEVEL', 'the log is verbose', 'Set it to info.'),
    ],
    [
      is('LOG_LEVEL', 'silent', 'fatal'),
      () => fault('LOG_LEVEL', 'errors are not logged', 'Set it to info.'),
    ],
    [
      is('RATE_LIMIT_ENABLED', false),
      () => fault('RATE_LIMIT_ENABLED', 'nothing is limited', 'Set it to true.'),
    ],
    [
      is('RATE_LIMIT_MODE', 'report-only'),
      () => warning('RATE_LIMIT_MODE', 'limits are only reported', 'Set it to enforce.'),
    ],
    [
      setting('RATE_LIMIT_DEFAULT_LIMIT')?.source === 'default',
      () =>
        warning(
          'RATE_LIMIT_DEFAULT_LIMIT',
          'it is still the default',
          'Set it to what your clients need, as the access log shows.',
        ),
    ],
    [
      isMissing('REDIS_URL'),
      () => warning('REDIS_URL', 'each process counts requests on its own', 'Name a Redis.'),
    ],
    [
      is('METRICS_ENABLED', false) && isMissing('METRICS_PORT'),
      () =>
        fault(
          'METRICS_PORT',
          "Prometheus can't scrape the service",
          'Set it, for example to 9464.',
        ),
    ],
    [
      !/^\s*- job_name:/m.test(read(prometheus) ?? ''),
      () => fault(prometheus, 'nothing is scraped', 'Restore the file, or add a scrape_config.'),
    ],
    [
      hasExamples(prometheus),
      () =>
        fault(
          prometheus,
          'links in alerts lead to example.com',
          'Set the labels runbooks and grafana.',
        ),
    ],
    [
      read(alertmanager) === undefined,
      () => fault(alertmanager, 'no one is notified of alerts', 'Restore the file.'),
    ],
    [
      hasExamples(alertmanager),
      () => fault(alertmanager, 'alerts go to example.com', 'Set the addresses of your team.'),
    ],
    [
      namesIn('deployment/grafana/dashboards').length === 0,
      () =>
        fault('deployment/grafana/dashboards', 'the dashboard is missing', 'Restore the folder.'),
    ],
    [
      namesIn('deployment/grafana/provisioning/dashboards').length === 0,
      () =>
        fault('deployment/grafana/provisioning', "Grafana won't load it", 'Restore the folder.'),
    ],
    ...(['load', 'chaos'] as const).map((mark) => {
      const message = `no ${mark} tests`
      const missing = () => warning(`test/${mark}`, message, 'Write one for each critical route.')
      return [namesIn(`test/${mark}`).length === 0, missing] as const
    }),
  ]
  return [
    ...faults.map(({ variable = 'the environment', message = 'it is wrong' }) =>
      fault(variable, message, 'Run the check with the variables of production.'),
    ),
    ...rules.filter(([applies]) => applies).map(([, make]) => make()),
  ]
}

import { join } from 'node:path'
import { UserError } from '../errors.ts'
import type { Command } from '../model/plan.ts'
import { capture } from '../system/exec.ts'
import { filesBelow, namesIn, readTextIfAny } from '../system/files.ts'
import { withTemporaryFolder } from '../system/temporary.ts'
import { packageRoot } from '../versions.ts'
import { checkAlerts } from './alerts.ts'
import { checkDeployment, type Settings } from './deploy.ts'
import type { Checked, CheckId, Finding } from './finding.ts'
import { checkLive } from './live.ts'
import { readMonitoring } from './monitoring-files.ts'
import { checkRecorders } from './recorders.ts'
import { checkSettings } from './settings.ts'
import { checkTelemetry, type Metric } from './telemetry.ts'

export interface DoctorOptions {
  /** Also what matters before a deployment. */
  readonly deploy: boolean
  /** Origin of a running service to ask. */
  readonly url?: string
  /** Gives a command whose program is there. */
  readonly installed: (command: Command) => Command
}

/** Names of the metrics library; two of them are two registries, and metrics vanish. */
const metricsLibraries = ['prom-client', '@prometheus-io/client'] as const

/** Examines a service: starts it once to see what it really measures, and compares. */
export async function examine(root: string, options: DoctorOptions): Promise<readonly Checked[]> {
  const read = (path: string) => readTextIfAny(join(root, path))
  const sources = filesBelow(join(root, 'src'), 'src/').filter((path) => path.endsWith('.ts'))
  const monitoring = readMonitoring(root)
  const noRules = 'deployment/prometheus has no rules'
  const [{ metrics, variables }, recorders, objectives, deploy, live] = await Promise.all([
    catalogueOf(root, options.installed),
    checkRecorders(root, sources),
    read('deployment/prometheus/slo.ts') === undefined
      ? 'slo.ts is missing'
      : objectivesOf(root, options),
    options.deploy ? deploymentOf(root, options, read) : undefined,
    options.url === undefined ? undefined : checkLive(options.url),
  ])
  const texts = sources.map((path) => read(path) ?? '')
  const results: readonly (readonly [CheckId, readonly Finding[] | string | undefined])[] = [
    ['telemetry', monitoring ? checkTelemetry(monitoring.expressions, metrics) : noRules],
    ['recorders', recorders],
    ['alerts', monitoring ? checkAlerts(monitoring, read) : noRules],
    ['objectives', objectives],
    ['settings', checkSettings(read('.env.example') ?? '', variables, texts)],
    ['libraries', checkLibraries(read('package.json') ?? '{}')],
    ['deploy', deploy],
    ['live', live],
  ]
  return results.flatMap(([check, result]): Checked[] => {
    if (result === undefined) return []
    if (typeof result === 'string') return [{ check, findings: [], skipped: result }]
    return [{ check, findings: result }]
  })
}

/** What the service says of itself. */
interface Catalogue {
  readonly metrics: readonly Metric[]
  readonly variables: readonly string[]
}

/** What the service measures and reads, asked of the service itself: on an empty embedded store, without listening. */
async function catalogueOf(
  root: string,
  installed: DoctorOptions['installed'],
): Promise<Catalogue> {
  return withTemporaryFolder(async (folder) => {
    const env = {
      NODE_ENV: 'test',
      LOG_LEVEL: 'silent',
      DATA_DIR: join(folder, 'data'),
      DATABASE_URL: '',
      REDIS_URL: '',
      METRICS_PORT: '',
    }
    const script = join(packageRoot, 'templates/doctor/catalogue.mjs')
    const command = { program: 'tsx', args: [script], cwd: root, env }
    const { isFine, stdout, failure } = await capture(installed(command), { timeoutMs: 120_000 })
    const last = stdout.trimEnd().split('\n').at(-1) ?? ''
    if (isFine && last.startsWith('{')) return JSON.parse(last) as Catalogue
    throw new UserError({
      code: 'CANNOT_START',
      message: `The service can't be started to see what it measures:\n${failure.trimEnd()}`,
      hint: 'Run the tests: create-service dev test.',
    })
  })
}

async function objectivesOf(
  root: string,
  { installed }: DoctorOptions,
): Promise<readonly Finding[]> {
  const args = ['deployment/prometheus/slo.ts', '--check']
  const { isFine, failure } = await capture(installed({ program: 'tsx', args, cwd: root }))
  if (isFine) return []
  return failure
    .trimEnd()
    .split('\n')
    .map((line): Finding => {
      const message = line.replace(`${root}/`, '')
      return {
        check: 'objectives',
        level: 'fault',
        where: 'deployment/prometheus/slo.yml',
        message,
      }
    })
}

async function deploymentOf(
  root: string,
  { installed }: DoctorOptions,
  read: (path: string) => string | undefined,
): Promise<readonly Finding[]> {
  const ask = async (what: string) => {
    const args = ['src/cli/main.ts', 'config', what, '--json']
    const env = { NODE_ENV: 'production' }
    const { stdout, failure } = await capture(installed({ program: 'tsx', args, cwd: root, env }))
    try {
      return JSON.parse(stdout)
    } catch (cause) {
      const message = `The settings can't be read: ${failure || stdout}`
      throw new UserError({ code: 'CANNOT_START', message, cause })
    }
  }
  const { faults } = (await ask('check')) as Settings
  const values = faults.length === 0 ? ((await ask('show')) as Settings['values']) : []
  return checkDeployment({ faults, values }, read, (folder) => namesIn(join(root, folder)))
}

function checkLibraries(manifest: string): readonly Finding[] {
  const { dependencies = {} } = JSON.parse(manifest) as { dependencies?: Record<string, string> }
  const [first, second] = metricsLibraries.filter((name) => name in dependencies)
  if (first === undefined || second === undefined) return []
  const message = `${first} and ${second} keep a registry each, so metrics vanish from the page`
  const hint = 'Keep one of them.'
  return [{ check: 'libraries', level: 'fault', where: 'package.json', message, hint }]
}

import { join } from 'node:path'
import { usageError } from '../../errors.ts'
import { packageManagerOf } from '../../project/package.ts'
import { readTextIfAny } from '../../system/files.ts'
import { notInstalled } from '../../system/not-started.ts'
import { networkAddress } from '../../system/ports.ts'
import { holdServer, type ServerProcess, startServer } from '../../system/server-process.ts'
import { onStopSignals } from '../../system/stop-signals.ts'
import { compilerOf } from '../../system/typescript.ts'
import { watchNames } from '../../system/watch.ts'
import { plugAndPlay } from '../installed.ts'
import { compilation, fingerprint } from './compile.ts'
import { Reloader } from './reloader.ts'
import type { Serving } from './resolve-serve.ts'
import { sayings } from './sayings.ts'
import { type ServeSettings, settingsOf } from './settings.ts'
import type { Stage } from './stage.ts'
import { Standby } from './standby.ts'
import { refuseTakenPort, takenBy } from './taken.ts'

/** Where serving is shown. */
export interface Audience {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isColored: boolean
  /** How it goes. */
  say(line: string): void
  /** What is wrong. */
  complain(text: string): void
}

type Service = Extract<Serving, { kind: 'service' }>

/** Serves a service that this program made; gives the server's exit code. */
export async function serveService(
  service: Service,
  features: readonly string[],
  audience: Audience,
): Promise<number> {
  const root = service.server.cwd
  const settings = () =>
    settingsOf(
      { ...audience.env, ...service.server.env },
      readTextIfAny(join(root, '.env')),
      readTextIfAny(join(root, 'src/config/base.ts')),
    )
  refuseWithoutPostgres(service, features, settings())
  const standby = new Standby(root, (held) => holdServer(service.server, held))
  const stage = stageOf(service, audience, settings, standby)
  const { host, port } = settings()
  if (host !== undefined && port !== undefined) await refuseTakenPort(host, port)
  const reloads = service.watched.length > 0
  const reloader = new Reloader(stage, reloads)
  const unwatch = reloads
    ? await watchNames(
        root,
        service.watched,
        (since) => reloader.changed(since),
        (reason) =>
          audience.complain(
            `changes are not noticed any more: ${reason}\nMend that and start again; --no-reload watches nothing.`,
          ),
      )
    : async () => {}
  const atRest = onStopSignals((signal) => reloader.stop(signal))
  try {
    return await reloader.run()
  } finally {
    await Promise.all([unwatch(), standby.close()])
    atRest()
  }
}

function stageOf(
  service: Service,
  audience: Audience,
  settings: () => ServeSettings,
  standby: Standby,
): Stage {
  const root = service.server.cwd
  const compiler = compilerOf(root)
  if (compiler === undefined)
    throw plugAndPlay(root) ?? notInstalled('tsc', `${packageManagerOf(root)} install`)
  return {
    compile: compilation(compiler, service.compile, audience.isColored),
    fingerprint: () => fingerprint(root, service.watched),
    start() {
      const { port } = settings()
      return explained(standby.start(port) ?? startServer(service.server, port), audience)
    },
    prepare(server) {
      // What is not prepared starts as it always did.
      if (mayPrepare(audience.env, settings())) standby.prepare(server).catch(() => {})
    },
    check: () => standby.check(),
    close: () => void standby.close(),
    say: sayings(
      audience.say,
      audience.complain,
      settings,
      () => performance.now(),
      networkAddress,
    ),
  }
}

/** Options of Node.js may be for the one process that runs: a debugger's port, a profile. */
function mayPrepare(
  { NODE_OPTIONS, NODE_V8_COVERAGE }: Audience['env'],
  { isAlone }: ServeSettings,
) {
  return isAlone && !NODE_OPTIONS && !NODE_V8_COVERAGE
}

/** Says who holds the port of a server that ends because of that. */
function explained(server: ServerProcess, audience: Audience): ServerProcess {
  const explain = async (code: number) => {
    const refused = server.refused()
    if (code === 0 || refused === undefined || (await server.listening)) return code
    const { message, hint } = await takenBy(refused.host, refused.port)
    audience.complain(hint === undefined ? message : `${message}\n${hint}`)
    return code
  }
  return { ...server, ended: server.ended.then(explain) }
}

function refuseWithoutPostgres(
  { workers }: Service,
  features: readonly string[],
  { hasDatabaseUrl }: ServeSettings,
): void {
  if (workers === 1 || hasDatabaseUrl || !features.includes('database')) return
  throw usageError(
    `--workers ${workers} needs PostgreSQL: PGlite serves one process at a time.`,
    'Set DATABASE_URL, here or in .env: DATABASE_URL=postgres://user:password@localhost:5432/name',
  )
}

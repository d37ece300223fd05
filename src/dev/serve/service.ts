import { join } from 'node:path'
import { usageError } from '../../errors.ts'
import type { Command } from '../../model/plan.ts'
import { packageManagerOf } from '../../project/package.ts'
import { readTextIfAny } from '../../system/files.ts'
import { notInstalled } from '../../system/not-started.ts'
import { networkAddress } from '../../system/ports.ts'
import { holdServer, type ServerProcess, startServer } from '../../system/server-process.ts'
import { onStopSignals } from '../../system/stop-signals.ts'
import { type Compiler, compilerOf } from '../../system/typescript.ts'
import { watchNames } from '../../system/watch.ts'
import { plugAndPlay } from '../installed.ts'
import { compilation, fingerprint } from './compile.ts'
import { type Speaker, serveMessages } from './messages.ts'
import { Reloader } from './reloader.ts'
import type { Serving } from './resolve-serve.ts'
import { type ServeSettings, settingsOf } from './settings.ts'
import type { Stage } from './stage.ts'
import { Standby } from './standby.ts'
import { detourFor, takenBy } from './taken.ts'

/** Where serving is shown. */
export interface Audience extends Speaker {
  readonly env: Readonly<Record<string, string | undefined>>
  readonly isColored: boolean
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
  const compiler = compilerOf(root)
  if (compiler === undefined)
    throw plugAndPlay(root) ?? notInstalled('tsc', `${packageManagerOf(root)} install`)
  const detour = await detourFor(settings())
  if (detour !== undefined) audience.say(detour.message)
  // A port that is named later, in .env, takes precedence.
  const server = (): Command =>
    detour === undefined || settings().usualPort === undefined
      ? service.server
      : { ...service.server, env: { ...service.server.env, PORT: String(detour.port) } }
  const standby = new Standby(root, (held) => holdServer(server(), held))
  const stage = stageOf({ ...service, server }, compiler, audience, settings, standby)
  const reloads = service.watched.length > 0
  const reloader = new Reloader(stage, reloads)
  const unwatch = reloads
    ? await watchNames(
        root,
        service.watched,
        (since, files) => reloader.changed(since, files),
        (reason) =>
          audience.complain(
            `File watching has stopped: ${reason}\nFix it and restart, or serve with --no-reload.`,
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
  { compile, server, watched }: Omit<Service, 'server'> & { readonly server: () => Command },
  compiler: Compiler,
  audience: Audience,
  settings: () => ServeSettings,
  standby: Standby,
): Stage {
  const root = compile.cwd
  return {
    compile: compilation(compiler, compile, audience.isColored),
    fingerprint: () => fingerprint(root, watched),
    start() {
      const { port } = settings()
      return explained(standby.start(port) ?? startServer(server(), port), audience)
    },
    prepare(server) {
      // If that fails, the next server starts without it.
      if (mayPrepare(audience.env, settings())) standby.prepare(server).catch(() => {})
    },
    check: () => standby.check(),
    close: () => void standby.close(),
    say: serveMessages(audience, settings, () => performance.now(), networkAddress),
  }
}

/** Options of Node.js may be meant for one process: a debugger's port, a profile. */
function mayPrepare(
  { NODE_OPTIONS, NODE_V8_COVERAGE }: Audience['env'],
  { isAlone }: ServeSettings,
) {
  return isAlone && !NODE_OPTIONS && !NODE_V8_COVERAGE
}

/** Reports who holds the port if the server ends because of it. */
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

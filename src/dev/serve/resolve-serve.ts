import { UserError, usageError } from '../../errors.ts'
import type { Command } from '../../model/plan.ts'
import type { Facts } from '../facts.ts'
import { addingCommand } from '../tools/package-words.ts'
import { rangeOf } from '../tools/tools.ts'
import { hostOf, portOf, workersOf } from './flags.ts'

export interface ServeOptions {
  readonly port?: string
  readonly host?: string
  readonly workers?: string
  readonly reload?: boolean
}

/** How a project is served. */
export type Serving =
  | {
      readonly kind: 'service'
      readonly compile: Command
      readonly server: Command
      /** At the root: what the server is made of and reads; nothing where it does not reload. */
      readonly watched: readonly string[]
      readonly workers: number
      readonly notice?: string
    }
  /** By the project's own means. */
  | {
      readonly kind: 'foreign'
      readonly command: Command
      /** The program is the package manager, which is no package of the project. */
      readonly isManager: boolean
      readonly notice?: string
    }

/** What a service is made of and reads. `dist` is what is compiled. */
const watched = [
  'src',
  'migrations',
  '.env',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
]

/**
 * A service is compiled, and runs as it does in production; it applies pending migrations at the
 * start, as MIGRATE_ON_START says. `listening` finds the files that start a server, for other projects.
 * @throws a UserError with code NO_TOOL where nothing says how the project is started
 */
export function resolveServe(
  facts: Facts,
  options: ServeOptions = {},
  listening: () => readonly string[] = () => [],
): Serving {
  const workers = workersOf(options.workers)
  const port = portOf(options.port)
  const env = {
    ...(port === undefined ? {} : { PORT: port }),
    ...(options.host === undefined ? {} : { HOST: hostOf(options.host) }),
  }
  const isOurs = facts.isService && facts.levels[0].names.includes('tsconfig.build.json')
  if (isOurs) return service(facts, options, workers, env)
  if (options.workers === undefined) {
    return foreign(facts, options.reload !== false, env, listening)
  }
  throw usageError(
    'Only services made by this program have --workers.',
    "Start several processes by this project's own means.",
  )
}

function service(
  { root }: Facts,
  { workers: asked, reload }: ServeOptions,
  workers: number,
  env: Readonly<Record<string, string>>,
): Serving {
  const several = workers > 1
  return {
    kind: 'service',
    compile: {
      program: 'tsc',
      // Output that is not written after an error is still that of the running server.
      args: ['-p', 'tsconfig.build.json', '--outDir', 'dist', '--noCheck', '--noEmitOnError'],
      cwd: root,
    },
    server: {
      program: 'node',
      args: ['--enable-source-maps', 'dist/server.js'],
      cwd: root,
      env: { ...env, ...(asked === undefined ? {} : { WORKERS: String(workers) }) },
    },
    watched: several || reload === false ? [] : watched,
    workers,
    ...(several && reload !== false
      ? { notice: `${workers} workers: changes are not reloaded. Without --workers they are.` }
      : {}),
  }
}

function foreign(
  facts: Facts,
  reload: boolean,
  env: Readonly<Record<string, string>>,
  listening: () => readonly string[],
): Serving {
  const [{ package: own }] = facts.levels
  const names = reload ? ['dev', 'start:dev', 'serve'] : ['start']
  const isThere = (name: string) => {
    const script = own.scripts?.[name]
    // A script that calls this command would call itself.
    return script !== undefined && !/create-service.*\bserve\b/.test(script)
  }
  const script = names.find(isThere)
  const byScript = (name: string): Command => ({
    program: facts.packageManager,
    args: ['run', name],
    cwd: facts.root,
    env,
  })
  if (script !== undefined) return { kind: 'foreign', command: byScript(script), isManager: true }
  const [entry] = listening()
  if (entry !== undefined) {
    const command = entryCommand(facts, entry, reload, env)
    return { kind: 'foreign', command, isManager: false }
  }
  if (isThere('start')) {
    const notice = 'Changes are not reloaded: package.json has a script "start", and none "dev".'
    return { kind: 'foreign', command: byScript('start'), isManager: true, notice }
  }
  throw new UserError({
    code: 'NO_TOOL',
    message: 'Nothing here says how this project is started.',
    hint: `Add a script "${reload ? 'dev' : 'start'}" to package.json.`,
  })
}

function entryCommand(
  facts: Facts,
  entry: string,
  reload: boolean,
  env: Readonly<Record<string, string>>,
): Command {
  const cwd = facts.root
  if (!/\.[cm]?ts$/.test(entry)) {
    return { program: 'node', args: [...(reload ? ['--watch'] : []), entry], cwd, env }
  }
  if (rangeOf(facts, 'tsx') !== undefined) {
    const watch = reload ? ['watch', '--clear-screen=false'] : []
    return { program: 'tsx', args: [...watch, entry], cwd, env }
  }
  throw new UserError({
    code: 'NO_TOOL',
    message: `${entry} is TypeScript, and tsx, which runs that, is not installed here.`,
    hint: `${addingCommand(facts, 'tsx')}, or add a script "${reload ? 'dev' : 'start'}" to package.json.`,
  })
}

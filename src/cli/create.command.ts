import { dirname, resolve } from 'node:path'
import { type Command, Option } from 'commander'
import { usageError } from '../errors.ts'
import { features } from '../features/index.ts'
import { offered } from '../features/selection.ts'
import type { Io } from '../model/io.ts'
import type { PackageManager } from '../model/project.ts'
import { type CreateInput, createOptions, resolveCreate } from '../options/create.ts'
import { nearest } from '../options/nearest.ts'
import { callingManager } from '../project/package-manager.ts'
import type { Run } from './run.ts'
import type { Session } from './session.ts'

/** Makes the program itself the command that creates: `create-service [dir]`. */
export function setUpCreate(program: Command, run: Run, io: Io): void {
  program
    .usage('[dir] [options]\n       create-service <command> [options]')
    .argument('[dir]', 'folder of the new service')
    .argument('[rest...]')
    .configureHelp({ visibleArguments: ({ registeredArguments: [dir] }) => (dir ? [dir] : []) })
  for (const { flags, summary, choices } of definitionsFor(callingManager(userAgentOf(io)))) {
    const option = new Option(flags, summary)
    program.addOption(choices === undefined ? option : option.choices([...choices]))
  }
  program.action(
    run(async (ownIo: Io, dir: string | undefined, rest: string[], flags: CreateInput) => {
      const { openSession } = await import('./session.ts')
      const session = openSession(program, ownIo)
      await refuseMistyped([...(dir === undefined ? [] : [dir]), ...rest], program, session)
      return create({ ...flags, ...(dir === undefined ? {} : { dir }) }, session)
    }),
  )
}

/** That of the workspace around the new service, else the one that started this program. */
async function managerFor(dir: string | undefined, { cwd, io }: Session): Promise<PackageManager> {
  const { enclosingManager } = await import('../project/package.ts')
  const around = enclosingManager(dirname(resolve(cwd, dir ?? '.')))
  return around ?? callingManager(userAgentOf(io))
}

function userAgentOf({ env }: Io): string | undefined {
  return env.npm_config_user_agent
}

function definitionsFor(manager: PackageManager) {
  return createOptions(offered(features), manager)
}

/** A bare word may be a mistyped command; one with a separator is always a folder. */
async function refuseMistyped(
  [word, ...rest]: readonly string[],
  program: Command,
  session: Session,
): Promise<void> {
  if (word === undefined || isPath(word)) {
    if (rest.length === 0) return
    throw usageError(`There is one word too many: ${rest[0]}.`, 'Usage: create-service [dir]')
  }
  const { findRoot } = await import('../project/root.ts')
  // A short command resembles too many good names; one letter off is a slip, two may be a name.
  const commands = program.commands.map((command) => command.name())
  const near = nearest(
    word,
    commands.filter((name) => name.length > 3),
    1,
  )
  const inside = findRoot(session.cwd) !== undefined
  if (!inside && near === undefined && rest.length === 0) return
  const meant = near === undefined ? '' : ` Did you mean \`create-service ${near}\`?`
  throw usageError(
    `There is no command ${JSON.stringify(word)}.${meant}`,
    `To create a service in a folder of that name, write ./${word}. All commands: create-service --help`,
  )
}

function isPath(word: string): boolean {
  return /[\\/]/.test(word) || word === '.' || word === '..'
}

async function create(flags: CreateInput, session: Session): Promise<number> {
  const [{ putInOrder }, { planCreate }, { apply }, { toolSpec }, { refuseTarget }] =
    await Promise.all([
      import('./workplace.ts'),
      import('../plan/create.ts'),
      import('../apply.ts'),
      import('../project/tool.ts'),
      import('../project/target.ts'),
    ])
  if (flags.start === true && session.json) {
    throw usageError('--start goes on serving, and --json ends in one document.', 'Leave one out.')
  }
  const dir = flags.dir ?? (await askedFolder(session))
  if (dir !== undefined) {
    await putInOrder(resolve(session.cwd, dir), session)
    refuseTarget(resolve(session.cwd, dir), dir, session.settings.force)
  }
  const packageManager = await managerFor(dir, session)
  const input = await answered(
    { ...flags, ...(dir === undefined ? {} : { dir }) },
    packageManager,
    session,
  )
  const options = resolveCreate(input, {
    cwd: session.cwd,
    year: String(session.io.now().getUTCFullYear()),
    packageManager,
    toolSpec: (root, asked) => toolSpec(session.cwd, root, asked),
  })
  const { settings, view, io } = session
  const code = await apply(planCreate(options, features), settings, view, io.now)
  if (code !== 0 || !options.start || session.settings.until !== 'end') return code
  const [{ serve }, { factsOf }, { openService }, { audienceOf }] = await Promise.all([
    import('../dev/serve/serve.ts'),
    import('../dev/facts.ts'),
    import('../project/project.ts'),
    import('./dev/audience.ts'),
  ])
  return serve(factsOf(await openService(options.root)), {}, audienceOf(session))
}

async function askedFolder(session: Session): Promise<string | undefined> {
  if (!session.interactive) return undefined
  const { answerTo } = await import('./ask.ts')
  const message = 'Folder of the new service?'
  return String(await answerTo({ kind: 'text', message, initial: 'my-service' }))
}

async function answered(
  flags: CreateInput,
  manager: PackageManager,
  session: Session,
): Promise<CreateInput> {
  if (!session.interactive) return flags
  const { ask } = await import('./ask.ts')
  const chosen = new Set(Object.keys(flags))
  // A preset, or features to leave out, answer the question about features too.
  const isKnown = (key: keyof CreateInput) =>
    chosen.has(key) ||
    (key === 'features' && (chosen.has('preset') || chosen.has('without'))) ||
    (key === 'start' && flags.install === false)
  return { ...flags, ...((await ask(definitionsFor(manager), isKnown)) as CreateInput) }
}

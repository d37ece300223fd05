import { basename, dirname, resolve } from 'node:path'
import { apply } from '../apply.ts'
import { hasHistory } from '../changes/history.ts'
import { portOf } from '../dev/serve/flags.ts'
import { exitCodes, usageError } from '../errors.ts'
import { features } from '../features/index.ts'
import { offered } from '../features/selection.ts'
import type { PackageManager } from '../model/project.ts'
import {
  broughtBack,
  type CreateInput,
  chooseFeatures,
  createOptions,
  refuseContradictions,
  resolveCreate,
} from '../options/create.ts'
import { packageNameFault, suggestedName } from '../options/package-name.ts'
import { planCreate } from '../plan/create.ts'
import { enclosingManager } from '../project/package.ts'
import { callingManager } from '../project/package-manager.ts'
import { openService } from '../project/project.ts'
import { targetFault } from '../project/target.ts'
import { toolSpec } from '../project/tool.ts'
import { answerTo, askAll } from './ask.ts'
import { audienceOf } from './dev/audience.ts'
import type { Session } from './session.ts'
import { nextSteps } from './view-text.ts'
import { recoverInterrupted } from './workplace.ts'

/** Creates a service, asking on a terminal for what no flag sets, and serves it with --start. */
export async function create(flags: CreateInput, session: Session): Promise<number> {
  const { cwd, io, settings, view } = session
  if (flags.start === true && session.json) {
    throw usageError(
      "--start keeps serving, so it can't end in the one document of --json.",
      'Leave one out.',
    )
  }
  refuseContradictions(flags)
  portOf(flags.port)
  const dir = flags.dir ?? (session.interactive ? await askedFolder(session) : undefined)
  if (dir !== undefined) {
    await recoverInterrupted(resolve(cwd, dir), session)
    const fault = targetFault(resolve(cwd, dir), dir, settings.force)
    if (fault !== undefined) throw fault
  }
  const packageManager = managerFor(dir, session)
  const given = dir === undefined ? flags : { ...flags, dir }
  const input = session.interactive ? await answered(given, packageManager, session) : given
  const options = resolveCreate(input, {
    cwd,
    shellFolder: io.cwd,
    year: String(io.now().getUTCFullYear()),
    packageManager,
    toolSpec: (root, asked) => toolSpec(cwd, root, asked),
  })
  const plan = planCreate(options, features)
  if (!options.start || settings.until !== 'end') return apply(plan, settings, view, io.now)
  const [{ refuseNamedPort }, { serve }, { factsOf }] = await Promise.all([
    import('../dev/serve/taken.ts'),
    import('../dev/serve/serve.ts'),
    import('../dev/facts.ts'),
  ])
  // Better now than after the install.
  await refuseNamedPort(options.port, io.env)
  const code = await apply({ ...plan, goesOn: true }, settings, view, io.now)
  if (code !== exitCodes.done) return code
  try {
    const facts = factsOf(await openService(options.root))
    const { port } = options
    return await serve(facts, port === undefined ? {} : { port }, audienceOf(session))
  } finally {
    if (!session.quiet) nextSteps(plan.next, (line) => io.out(`${line}\n`))
  }
}

/** That of the workspace around the new service, else the one that started this program. */
function managerFor(dir: string | undefined, { cwd, io }: Session): PackageManager {
  const around = enclosingManager(dirname(resolve(cwd, dir ?? '.')))
  return around ?? callingManager(io.env.npm_config_user_agent)
}

async function askedFolder({ cwd, settings }: Session): Promise<string> {
  const fallback = 'my-service'
  const answer = await answerTo({
    kind: 'text',
    message: 'Folder of the new service?',
    placeholder: fallback,
    fallback,
    fault(folder) {
      const root = resolve(cwd, folder)
      // What an interrupted run left is cleared up before the folder counts as not empty.
      const fault = hasHistory(root) ? undefined : targetFault(root, folder, settings.force)
      return fault && `${fault.message} Choose another folder.`
    },
  })
  return String(answer)
}

async function answered(
  flags: CreateInput,
  manager: PackageManager,
  { cwd }: Session,
): Promise<CreateInput> {
  const folder = basename(resolve(cwd, flags.dir ?? '.'))
  const name = flags.name ?? (await askedName(folder))
  const isKnown = (key: keyof CreateInput, { preset }: CreateInput) =>
    flags[key] !== undefined ||
    (key === 'preset' && (flags.features !== undefined || flags.without !== undefined)) ||
    (key === 'features' && preset !== chooseFeatures) ||
    (key === 'start' && flags.install === false)
  const registry = offered(features)
  const {
    preset,
    features: chosen = [],
    ...answers
  } = (await askAll(
    createOptions(registry, manager),
    isKnown as Parameters<typeof askAll<keyof CreateInput>>[1],
  )) as CreateInput & { readonly features?: readonly string[] }
  const all = [...chosen, ...broughtBack(chosen, registry).map(({ id }) => id)]
  return {
    ...flags,
    ...answers,
    ...(preset === undefined ? {} : preset === chooseFeatures ? { features: all } : { preset }),
    ...(name === undefined ? {} : { name }),
  }
}

/** A folder may be called as no package can be. */
async function askedName(folder: string): Promise<string | undefined> {
  if (packageNameFault(folder) === undefined) return undefined
  const fallback = suggestedName(folder)
  const answer = await answerTo({
    kind: 'text',
    message: `${JSON.stringify(folder)} can't be the name of the package. Which name instead?`,
    placeholder: fallback,
    fallback,
    fault: packageNameFault,
  })
  return String(answer)
}

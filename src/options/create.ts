import { basename, resolve } from 'node:path'
import { usageError } from '../errors.ts'
import { type Answers, type PackageManager, packageManagers } from '../model/project.ts'
import type { Choice, OptionDefinition } from './option.ts'
import { packageName } from './package-name.ts'
import { type Preset, presets, type Selection } from './selection.ts'
import { shellText } from './shell-text.ts'

export const licenses = ['MIT', 'ISC', 'UNLICENSED'] as const

/** Flags and answers, before they are checked. */
export interface CreateInput {
  readonly dir?: string
  readonly name?: string
  readonly description?: string
  readonly license?: string
  readonly preset?: string
  readonly features?: string | readonly string[]
  readonly without?: string
  readonly packageManager?: string
  readonly install?: boolean
  readonly git?: boolean
  readonly start?: boolean
  readonly port?: string
  readonly tool?: string
}

/** The same, complete and valid. */
export interface CreateOptions extends Selection {
  /** The folder, absolute. */
  readonly root: string
  /** The command that takes the shell there; none if it is there. */
  readonly way: readonly string[]
  readonly answers: Answers
  readonly install: boolean
  readonly git: boolean
  readonly start: boolean
  readonly port: string | undefined
  /** How the project refers to this tool: an npm spec. */
  readonly tool: string
}

/** What the checks need to know about the machine. */
export interface CreateFacts {
  readonly cwd: string
  /** Where the shell is: not `cwd` if --cwd was given. */
  readonly shellFolder: string
  readonly year: string
  /** Used unless another one is asked for. */
  readonly packageManager: PackageManager
  toolSpec(root: string, asked: string | undefined): string
}

/** A feature as it is offered. */
interface Offered {
  readonly id: string
  readonly title: string
  readonly summary: string
  readonly requires: readonly string[]
}

/** The answer after which each feature is asked for. */
export const chooseFeatures = 'choose'

/** The options of `create-service [dir]`; one definition feeds flag, question and help. */
export function createOptions(
  registry: readonly Offered[],
  manager: PackageManager,
): readonly OptionDefinition<keyof CreateInput>[] {
  return [
    { key: 'name', flags: '--name <name>', summary: 'name of the package (default: the folder)' },
    { key: 'description', flags: '--description <text>', summary: 'one line about the service' },
    {
      key: 'license',
      flags: '--license <id>',
      summary: 'license of the code (default: UNLICENSED)',
      choices: licenses,
    },
    {
      key: 'preset',
      flags: '--preset <name>',
      summary: 'features to begin with (default: standard, or minimal with --features)',
      choices: presets,
      question: {
        kind: 'select',
        message: 'Which features?',
        choices: [
          { value: 'standard', label: 'Standard', hint: registry.map(({ id }) => id).join(', ') },
          { value: 'minimal', label: 'Minimal', hint: 'none of these; you can add them later' },
          { value: chooseFeatures, label: 'Choose features' },
        ] satisfies readonly Choice<Preset | typeof chooseFeatures>[],
        initial: 'standard',
      },
    },
    {
      key: 'features',
      flags: '--features <a,b>',
      summary: `features: ${registry.map(({ id }) => id).join(', ')}`,
      question: {
        kind: 'multiselect',
        message: 'Which of these?',
        choices: registry.map(({ id, title, summary }) => ({
          value: id,
          label: title,
          hint: summary,
        })),
        initial: registry.map(({ id }) => id),
        notes: (chosen) => broughtNotes(chosen, registry),
      },
    },
    { key: 'without', flags: '--without <a,b>', summary: 'features to leave out' },
    {
      key: 'packageManager',
      flags: '--package-manager <name>',
      summary: 'package manager of the service (default: the one that runs this)',
      choices: packageManagers,
      question: {
        kind: 'select',
        message: 'Which package manager?',
        choices: packageManagers.map((value) => ({ value, label: value })),
        initial: manager,
      },
    },
    { key: 'install', flags: '--no-install', summary: 'do not install the dependencies' },
    { key: 'git', flags: '--no-git', summary: 'do not create a git repository' },
    {
      key: 'start',
      flags: '--start',
      summary: 'install, then serve',
      question: { kind: 'confirm', message: 'Install and start it now?', initial: false },
    },
    {
      key: 'port',
      flags: '--port <port>',
      summary: 'with --start: the port to listen on (default: 8000, or the next free one)',
    },
    {
      key: 'tool',
      flags: '--tool <npm-spec>',
      summary: 'how the project refers to create-service: a path, a tarball, a version',
    },
  ]
}

/** Features that weren't chosen and that a chosen one requires, with the title of that one. */
export function broughtBack(
  chosen: readonly string[],
  registry: readonly Offered[],
): readonly { readonly id: string; readonly title: string; readonly by: string }[] {
  const has = new Map(chosen.map((id) => [id, '']))
  // A map also visits what is added meanwhile.
  for (const [id] of has) {
    const feature = registry.find((one) => one.id === id)
    for (const required of feature?.requires ?? []) {
      if (!has.has(required)) has.set(required, feature?.title ?? id)
    }
  }
  return registry.flatMap(({ id, title }) => {
    const by = has.get(id)
    return by ? [{ id, title, by }] : []
  })
}

/** The same as sentences. */
export function broughtNotes(
  chosen: readonly string[],
  registry: readonly Offered[],
): readonly string[] {
  return broughtBack(chosen, registry).map(
    ({ title, by }) => `${title} comes in too, because ${by} requires it.`,
  )
}

/**
 * Refuses flags that contradict each other.
 * @throws a usage error
 */
export function refuseContradictions({ start, install, port }: CreateInput): void {
  if (start === true && install === false) {
    throw usageError('--start needs the dependencies.', 'Leave out --no-install, or --start.')
  }
  if (port !== undefined && start !== true) {
    throw usageError('--port is for --start.', 'Add --start, or leave --port out.')
  }
}

/** Checks the input and fills in defaults. Throws a usage error. */
export function resolveCreate(input: CreateInput, facts: CreateFacts): CreateOptions {
  if (input.dir === undefined || input.dir === '') {
    throw usageError(
      'No folder was given.',
      'Name the folder of the new service: create-service my-app',
    )
  }
  refuseContradictions(input)
  const root = resolve(facts.cwd, input.dir)
  const features = list(input.features)
  return {
    root,
    way: wayTo(root, input.dir, facts),
    preset: preset(input.preset, input.features !== undefined),
    features,
    without: list(input.without),
    answers: {
      name: packageName(input.name ?? basename(root)),
      description: oneLine(input.description ?? 'A Fastify service'),
      license: input.license ?? 'UNLICENSED',
      packageManager:
        packageManagers.find((name) => name === input.packageManager) ?? facts.packageManager,
      year: facts.year,
    },
    install: input.install !== false,
    git: input.git !== false,
    start: input.start === true,
    port: input.port,
    tool: facts.toolSpec(root, input.tool),
  }
}

/** `cd` with the folder as it was typed, where the shell would find it. */
function wayTo(root: string, dir: string, { shellFolder }: CreateFacts): readonly string[] {
  if (root === resolve(shellFolder)) return []
  return [`cd ${shellText([resolve(shellFolder, dir) === root ? dir : root])}`]
}

function preset(asked: string | undefined, hasFeatures: boolean): Preset {
  return presets.find((name) => name === asked) ?? (hasFeatures ? 'minimal' : 'standard')
}

function list(words: string | readonly string[] | undefined): readonly string[] {
  const all = typeof words === 'string' ? words.split(',') : (words ?? [])
  return all.map((word) => word.trim()).filter((word) => word !== '')
}

function oneLine(text: string): string {
  if (/\p{Cc}/u.test(text))
    throw usageError('--description contains a control character.', 'Write it as one line of text.')
  return text
}

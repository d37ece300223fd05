import { basename, resolve } from 'node:path'
import { usageError } from '../errors.ts'
import { type Answers, type PackageManager, packageManagers } from '../model/project.ts'
import type { OptionDefinition } from './option.ts'
import { packageName } from './package-name.ts'
import { type Preset, presets, type Selection } from './selection.ts'

export const licenses = ['MIT', 'ISC', 'UNLICENSED'] as const

/** What flags and answers give, before it is checked. */
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
  readonly tool?: string
}

/** What was asked, complete and valid. */
export interface CreateOptions extends Selection {
  /** The folder as it was typed. */
  readonly dir: string
  /** The folder, absolute. */
  readonly root: string
  readonly answers: Answers
  readonly install: boolean
  readonly git: boolean
  readonly start: boolean
  /** How the project refers to this tool: an npm spec. */
  readonly tool: string
}

/** What the checks need to know of the world. */
export interface CreateFacts {
  readonly cwd: string
  readonly year: string
  /** Where none is asked for. */
  readonly packageManager: PackageManager
  toolSpec(root: string, asked: string | undefined): string
}

/** A feature as it is offered. */
interface Offered {
  readonly id: string
  readonly title: string
  readonly summary: string
}

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
    },
    {
      key: 'features',
      flags: '--features <a,b>',
      summary: `features: ${registry.map(({ id }) => id).join(', ')}`,
      question: {
        kind: 'multiselect',
        message: 'Which features?',
        choices: registry.map(({ id, title, summary }) => ({
          value: id,
          label: title,
          hint: summary,
        })),
        initial: registry.map(({ id }) => id),
      },
    },
    { key: 'without', flags: '--without <a,b>', summary: 'features to leave out' },
    {
      key: 'packageManager',
      flags: '--package-manager <name>',
      summary: 'which package manager installs (default: the one that runs this)',
      choices: packageManagers,
      question: {
        kind: 'select',
        message: 'Which package manager?',
        choices: packageManagers.map((value) => ({ value, label: value })),
        initial: manager,
      },
    },
    { key: 'install', flags: '--no-install', summary: 'do not install the dependencies' },
    { key: 'git', flags: '--no-git', summary: 'do not make a git repository' },
    {
      key: 'start',
      flags: '--start',
      summary: 'install, then serve',
      question: { kind: 'confirm', message: 'Start the service now?', initial: false },
    },
    {
      key: 'tool',
      flags: '--tool <npm-spec>',
      summary: 'how the project refers to create-service: a path, a tarball, a version',
    },
  ]
}

/** Checks the input and fills in what was not said. Throws a usage error. */
export function resolveCreate(input: CreateInput, facts: CreateFacts): CreateOptions {
  if (input.dir === undefined || input.dir === '') {
    throw usageError(
      'No folder was given.',
      'Name the folder of the new service: create-service my-app',
    )
  }
  if (input.start === true && input.install === false) {
    throw usageError('--start needs the dependencies.', 'Leave out --no-install, or --start.')
  }
  const root = resolve(facts.cwd, input.dir)
  const features = list(input.features)
  return {
    dir: input.dir,
    root,
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
    tool: facts.toolSpec(root, input.tool),
  }
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
    throw usageError('--description holds a control character.', 'Write it as one line of text.')
  return text
}

import { join } from 'node:path'
import { namesIn as namesOf, readTextIfAny } from '../../system/files.ts'
import { parseEnvFile, serviceEnvironment, withoutMark } from '../env-file.ts'
import { maskValue } from './secrets.ts'

/** A variable that concerns the service, its secrets masked. */
export interface Variable {
  readonly name: string
  readonly value: string | undefined
  readonly source: 'environment' | '.env' | 'default' | 'unset'
}

type Env = { readonly [name: string]: string | undefined }

/** Shown where they are set, though no file of the project names them. */
const wellKnown = [
  'ENVIRONMENT',
  'NODE_ENV',
  'APP_DEBUG',
  'LOG_LEVEL',
  'HOST',
  'PORT',
  'DATABASE_URL',
  'REDIS_URL',
  'NODE_OPTIONS',
]

const exampleFiles = ['.env.example', '.env.sample', '.env.template', '.env.dist']

/**
 * The variables that the project's example file, its `.env` or everybody knows. What the example
 * file of a service sets are its defaults, and its `.env` counts in development only.
 */
export function environmentOf(root: string, isService: boolean, env: Env): readonly Variable[] {
  const examples = exampleFiles.map((name) => readTextIfAny(join(root, name)) ?? '')
  const example = examples.map(withoutMark).join('\n')
  const defaults: Env = isService ? parseEnvFile(example) : {}
  const given = { ...parseEnvFile(example.replace(commented, '')), ...parseEnvFile(example) }
  const declared = isService ? declaredIn(root) : []
  const namesThat = (isSecret: boolean) =>
    declared.filter((one) => one.isSecret === isSecret).map(({ name }) => name)
  const described = {
    examples: new Map(Object.entries(given)),
    open: namesThat(false),
    secrets: namesThat(true),
  }
  const isRead = !isService || serviceEnvironment(env) === 'development'
  const file: Env = isRead ? parseEnvFile(readTextIfAny(join(root, '.env')) ?? '') : {}
  const known = wellKnown.filter((name) => env[name])
  const names = [...new Set([...namesIn(example), ...Object.keys(file), ...known])]
  return names.map((name) => {
    const [value, source] = lookUp(name, { env, file, defaults })
    return {
      name,
      source,
      value: value === undefined ? undefined : maskValue(name, value, described),
    }
  })
}

/** The comment sign before a variable that an example file only names. */
const commented = /^[ \t]*#[ \t]?(?=(?:export[ \t]+)?[A-Z][A-Z\d_]*[ \t]*=)/gm

/** The variables that the configuration of a service reads, and which of them it calls secret. */
function declaredIn(
  root: string,
): readonly { readonly name: string; readonly isSecret: boolean }[] {
  const own = namesOf(join(root, 'src/config')).map((name) => join('config', name))
  const ofFeatures = namesOf(join(root, 'src')).map((folder) => join(folder, 'config.ts'))
  const texts = [...own, ...ofFeatures]
    .filter((path) => path.endsWith('.ts'))
    .map((path) => readTextIfAny(join(root, 'src', path)) ?? '')
  // One piece a setting, and its options come last in it.
  return texts
    .flatMap((text) => text.split(/(?=\bType\.\w+\()/))
    .flatMap((setting) => {
      const name = /\benv:\s*['"](\w+)['"]/.exec(setting)?.[1]
      return name === undefined ? [] : { name, isSecret: /\bsecret:\s*true\b/.test(setting) }
    })
}

/** Names that an example file sets, commented out or not. */
function namesIn(text: string): readonly string[] {
  const lines = text.matchAll(/^[ \t]*(?:#[ \t]?)?(?:export[ \t]+)?([A-Z][A-Z\d_]*)[ \t]*=/gm)
  return [...lines].flatMap(([, name]) => name ?? [])
}

/** An empty variable counts as unset. */
function lookUp(
  name: string,
  { env, file, defaults }: { readonly env: Env; readonly file: Env; readonly defaults: Env },
): readonly [string | undefined, Variable['source']] {
  // An empty variable hides the one in the file.
  if (env[name] === '') return [defaults[name] || undefined, defaults[name] ? 'default' : 'unset']
  if (env[name]) return [env[name], 'environment']
  if (file[name]) return [file[name], '.env']
  return defaults[name] ? [defaults[name], 'default'] : [undefined, 'unset']
}

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { StartupError } from '../startup-error.ts'

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>

/** The text of a variable without white space around it; nothing if there is no other text. */
export function textOf(env: Env, variable: string): string | undefined {
  return env[variable]?.trim() || undefined
}

/** NODE_ENV in lower case; `development` unless it is set. */
export function environmentOf(env: Env): string {
  return textOf(env, 'NODE_ENV')?.toLowerCase() ?? 'development'
}

/**
 * Adds the variables of `<folder>/.env` to `env`, in development only; `env` wins. Production and
 * tests don't read the file: their settings come from outside, visibly.
 *
 * @throws {StartupError} if the file isn't UTF-8
 */
export function withEnvFile(env: Env, folder: string): Env {
  const file = join(folder, '.env')
  if (environmentOf(env) !== 'development' || !existsSync(file)) return env
  return { ...parseEnv(readText(file)), ...env }
}

/** The text of a file without the byte order mark that some editors put in front. */
function readText(file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
  } catch (cause) {
    throw new StartupError(`${file} cannot be read as UTF-8 text. Save it as UTF-8.`, { cause })
  }
}

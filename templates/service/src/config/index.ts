import type { Static } from 'typebox'
import { ConfigError, type Fault } from './config-error.ts'
import { findFault, findGap } from './faults.ts'
import { parse } from './parse.ts'
import type * as sections from './sections.ts'
import { type Setting, settings } from './settings.ts'

export { ConfigError, type Fault } from './config-error.ts'

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T

/** The settings by section, `config.server.port`; frozen, all the way down. */
export type Config = {
  readonly [S in keyof typeof sections]: Frozen<Static<(typeof sections)[S]>>
}

/**
 * Reads the whole configuration from environment variables. An empty variable counts as unset.
 *
 * @throws {ConfigError} with every fault at once
 */
export function loadConfig(env: Env): Config {
  const faults: Fault[] = []
  const values: Record<string, Record<string, unknown>> = {}
  for (const setting of settings) {
    const value = read(env, setting)
    const fault = findFault(env, setting, value)
    if (fault) faults.push(fault)
    else if (value !== undefined) {
      values[setting.section] = { ...values[setting.section], [setting.key]: value }
    }
  }
  if (faults.length > 0) throw new ConfigError(faults)
  const config = freeze(values) as Config
  const gaps = settings.flatMap((setting) => findGap(env, config, setting) ?? [])
  if (gaps.length > 0) throw new ConfigError(gaps)
  return config
}

/** Whether the environment itself says something about the setting. */
export function isSet(env: Env, setting: Setting): boolean {
  return Boolean(env[setting.env])
}

function read(env: Env, { env: variable, schema }: Setting): unknown {
  const text = env[variable]
  if (text) return parse(schema, text)
  const environment = (env.NODE_ENV || 'development').toLowerCase()
  return structuredClone(schema.defaultIn?.[environment] ?? schema.default)
}

function freeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) freeze(item)
    Object.freeze(value)
  }
  return value
}

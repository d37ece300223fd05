import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { type Static, type TSchema, Type } from 'typebox'
import { Check } from 'typebox/schema'
import { StartupError } from '../startup-error.ts'
import * as sections from './sections.ts'

/** Environment variables by name. */
export type Env = Readonly<Record<string, string | undefined>>

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T

/** The settings by section, for example `config.server.port`; deeply frozen. */
export type Config = { readonly [S in keyof typeof sections]: Frozen<Static<(typeof sections)[S]>> }

/** The keywords of a setting's schema that are read here. */
export interface SettingSchema {
  /** Name of the environment variable. */
  env: string
  type?: 'string' | 'integer' | 'boolean' | 'array'
  enum?: readonly string[]
  minimum?: number
  maximum?: number
  default?: unknown
  /** Defaults that differ from `default`, by environment. */
  defaultIn?: Record<string, unknown>
  /** The value is never shown. */
  secret?: boolean
  /** Brings the text into the form that the service uses. */
  normalize?: (text: string) => string
  /** Checks the text, or each item of a list; may throw to refuse it. */
  isValid?: (text: string) => boolean
  /** What a valid value looks like, where the other keywords don't say it. */
  expected?: string
  /** What is expected instead, and why, if the value doesn't go with another setting. */
  conflict?: (config: Config) => string | undefined
}

export type Setting = (typeof settings)[number]

/** One thing that is wrong with the environment. */
export type Fault = ReturnType<typeof faultOf>

/** The environment is not valid; `faults` lists everything that is wrong with it. */
export class ConfigError extends StartupError {
  readonly faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    const lines = faults.map((it) => `  ${it.variable} ${it.problem}; expected ${it.expected}`)
    super(`The configuration is not valid:\n${lines.join('\n')}`)
    this.faults = faults
  }
}

/** Every setting, `config[section][key]`, in the order of the sections. */
export const settings = Object.entries(sections).flatMap(([section, object]) =>
  Object.entries(object.properties).map(([key, property]) => ({
    section,
    key,
    optional: Type.IsOptional(property),
    schema: property as unknown as SettingSchema,
  })),
)

/**
 * Adds the variables of `<folder>/.env` to `env`, in development only; `env` wins. Production and
 * tests don't read the file: their settings come from outside, visibly.
 *
 * @throws {StartupError} if the file isn't UTF-8
 */
export function withEnvFile(env: Env, folder: string): Env {
  const file = join(folder, '.env')
  if (environmentOf(env) !== 'development' || !existsSync(file)) return env
  try {
    // The decoder also drops the byte order mark that some editors write.
    const text = new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(file))
    return { ...parseEnv(text), ...env }
  } catch (cause) {
    throw new StartupError(`${file} cannot be read as UTF-8 text. Save it as UTF-8.`, { cause })
  }
}

/**
 * Reads the whole configuration from environment variables. White space around a value doesn't
 * count, and an empty variable counts as unset.
 *
 * @throws {ConfigError} with every fault at once
 */
export function loadConfig(env: Env, known = settings): Config {
  const values: Record<string, Record<string, unknown>> = {}
  const faults: Fault[] = []
  for (const { section, key, optional, schema } of known) {
    const value = read(env, schema)
    values[section] = { ...values[section], [key]: value }
    const isValid = (optional && value === undefined) || accepts(schema, value)
    if (!isValid) faults.push(faultOf(env, schema, expectation(schema)))
  }
  const config = freeze(values) as Config
  // Settings that are wrong by themselves can't be compared with others.
  for (const { schema } of faults.length === 0 ? known : []) {
    const expected = schema.conflict?.(config)
    if (expected) faults.push(faultOf(env, schema, expected))
  }
  if (faults.length > 0) throw new ConfigError(faults)
  return config
}

/** The text of a variable without white space around it; nothing if there is no other text. */
export function textOf(env: Env, variable: string): string | undefined {
  return env[variable]?.trim() || undefined
}

function environmentOf(env: Env): string {
  return textOf(env, 'NODE_ENV')?.toLowerCase() ?? 'development'
}

function read(env: Env, schema: SettingSchema): unknown {
  const text = textOf(env, schema.env)
  if (text !== undefined) return parse(schema, text)
  return structuredClone(schema.defaultIn?.[environmentOf(env)] ?? schema.default)
}

const booleans: Record<string, boolean> = { true: true, false: false, 1: true, 0: false }

/**
 * Turns text into the type of its schema: decimal integers, booleans `true`, `false`, `1` or `0`,
 * lists separated by commas, enums in any case. Text that doesn't fit stays text, which the schema
 * then refuses.
 */
function parse(schema: SettingSchema, text: string): unknown {
  const { enum: values, type, normalize } = schema
  if (values) return values.find((it) => it.toLowerCase() === text.toLowerCase()) ?? text
  if (type === 'boolean') return booleans[text.toLowerCase()] ?? text
  if (type === 'array') return text.split(',').flatMap((item) => item.trim() || [])
  if (type !== 'integer') return normalize?.(text) ?? text
  return /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text
}

/** Whether a value is valid by itself. */
function accepts(schema: SettingSchema, value: unknown): boolean {
  const { isValid = () => true } = schema
  try {
    return Check(schema as TSchema, value) && [value].flat().every((it) => isValid(it as string))
  } catch {
    return false
  }
}

/** The variable, what is wrong with it, and what would be valid; never the value of a secret. */
function faultOf(env: Env, { env: variable, secret }: SettingSchema, expected: string) {
  const text = textOf(env, variable)
  if (text === undefined) return { variable, problem: 'is not set', expected }
  const problem = secret ? 'has a wrong value' : `is ${JSON.stringify(text)}`
  return { variable, problem, expected }
}

/** Says which values a setting accepts. */
function expectation({ expected, enum: values, type, minimum, maximum }: SettingSchema): string {
  if (expected) return expected
  if (values) return `one of ${values.join(', ')}`
  if (type === 'boolean') return 'true or false'
  if (type === 'array') return 'a list separated by commas'
  if (type !== 'integer') return 'text'
  const from = minimum === undefined ? '' : ` from ${minimum}`
  return `a whole number${from}${maximum === undefined ? '' : ` to ${maximum}`}`
}

function freeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) Object.values(value).forEach(freeze)
  return Object.freeze(value)
}

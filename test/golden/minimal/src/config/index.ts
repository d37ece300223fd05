import { type Static, type TSchema, Type } from 'typebox'
import { Check } from 'typebox/schema'
import { StartupError } from '../startup-error.ts'
import { type Env, environmentOf, textOf } from './env-file.ts'
import * as sections from './sections.ts'

export type { Env } from './env-file.ts'

type Frozen<T> = T extends object ? { readonly [K in keyof T]: Frozen<T[K]> } : T

/** The settings by section, for example `config.server.port`; deeply frozen. */
export type Config = {
  readonly [S in keyof typeof sections]: Frozen<Static<(typeof sections)[S]>>
}

/** The keywords of a setting's schema that are read here. */
export interface SettingSchema {
  /** Name of the environment variable. */
  env: string
  description?: string
  type?: string
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
  /** What a valid value looks like, where the other keywords don't say it. */
  expected?: string
  /** Why an optional setting is required, where another setting asks for it. */
  neededBecause?: (config: Config) => string | undefined
  /** What would be valid, and why, where the value contradicts another setting. */
  refusedBecause?: (config: Config) => readonly [expected: string, reason: string] | undefined
}

/** A property of a section: `config[section][key]`. */
export interface Setting {
  section: string
  key: string
  optional: boolean
  schema: SettingSchema
}

/** One thing that is wrong with the environment. It never holds the value of a secret. */
export interface Fault {
  /** Name of the environment variable. */
  variable: string
  /** What is wrong. */
  problem: string
  /** What would be valid. */
  expected: string
}

/** The environment is not valid; `faults` lists everything that is wrong with it. */
export class ConfigError extends StartupError {
  readonly faults: readonly Fault[]

  constructor(faults: readonly Fault[]) {
    const lines = faults.map((it) => `  ${it.variable} ${it.problem}; expected ${it.expected}`)
    super(`The configuration is not valid:\n${lines.join('\n')}`)
    this.faults = faults
  }
}

/** Every setting, in the order of the sections. */
export const settings: readonly Setting[] = Object.entries(sections).flatMap(([section, object]) =>
  Object.entries(object.properties).map(([key, property]) => ({
    section,
    key,
    optional: Type.IsOptional(property),
    schema: property as unknown as SettingSchema,
  })),
)

/**
 * Reads the whole configuration from environment variables. White space around a value doesn't
 * count, and an empty variable counts as unset.
 *
 * @throws {ConfigError} with every fault at once
 */
export function loadConfig(env: Env, known: readonly Setting[] = settings): Config {
  const values: Record<string, Record<string, unknown>> = {}
  for (const { section, key, schema } of known) {
    values[section] = { ...values[section], [key]: read(env, schema) }
  }
  const value = ({ section, key }: Setting) => values[section]?.[key]
  refuse(known.flatMap((setting) => invalid(env, setting, value(setting)) ?? []))

  const config = freeze(values) as Config
  refuse(known.flatMap((setting) => conflicting(env, config, setting, value(setting)) ?? []))
  return config
}

function refuse(faults: readonly Fault[]): void {
  if (faults.length > 0) throw new ConfigError(faults)
}

function read(env: Env, schema: SettingSchema): unknown {
  const text = textOf(env, schema.env)
  if (text !== undefined) return parse(schema, text)
  return structuredClone(schema.defaultIn?.[environmentOf(env)] ?? schema.default)
}

const booleans: Record<string, boolean> = { true: true, false: false, 1: true, 0: false }

/**
 * Turns text into the type of its schema: decimal numbers, booleans `true`, `false`, `1` or `0`,
 * lists separated by commas, enums in any case. Text that doesn't fit stays text, which the schema
 * then refuses.
 */
function parse(schema: SettingSchema, text: string): unknown {
  if (schema.enum) return schema.enum.find((it) => it.toLowerCase() === text.toLowerCase()) ?? text
  switch (schema.type) {
    case 'integer':
      return /^-?\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : text
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
    case 'boolean':
      return booleans[text.toLowerCase()] ?? text
    case 'array':
      return text
        .split(',')
        .map((item) => item.trim())
        .filter((item) => item !== '')
    default:
      return schema.normalize?.(text) ?? text
  }
}

/** What is wrong with a value by itself. A parser in a `Type.Refine` may throw to refuse it. */
function invalid(env: Env, { schema, optional }: Setting, value: unknown): Fault | undefined {
  if (value === undefined && optional) return undefined
  try {
    if (Check(schema as TSchema, value)) return undefined
  } catch {}
  return fault(env, schema, expectation(schema))
}

/** What is missing or wrong because of another setting. */
function conflicting(
  env: Env,
  config: Config,
  { schema }: Setting,
  value: unknown,
): Fault | undefined {
  const need = value === undefined && schema.neededBecause?.(config)
  if (need) return fault(env, schema, `${expectation(schema)}, because ${need}`)
  const [expected, reason] = schema.refusedBecause?.(config) ?? []
  return expected ? fault(env, schema, `${expected}, because ${reason}`) : undefined
}

function fault(env: Env, { env: variable, secret }: SettingSchema, expected: string): Fault {
  const text = textOf(env, variable)
  if (text === undefined) return { variable, problem: 'is not set', expected }
  return {
    variable,
    problem: secret ? 'has a wrong value' : `is ${JSON.stringify(text)}`,
    expected,
  }
}

/** Says which values a setting accepts. */
function expectation({ expected, enum: values, type, minimum, maximum }: SettingSchema) {
  if (expected) return expected
  if (values) return `one of ${values.join(', ')}`
  if (type === 'boolean') return 'true or false'
  if (type === 'array') return 'a list separated by commas'
  if (type !== 'integer' && type !== 'number') return 'text'
  const kind = type === 'integer' ? 'a whole number' : 'a number'
  if (minimum !== undefined && maximum !== undefined) return `${kind} from ${minimum} to ${maximum}`
  if (minimum !== undefined) return `${kind} of at least ${minimum}`
  return maximum === undefined ? kind : `${kind} of at most ${maximum}`
}

function freeze(value: unknown): unknown {
  if (typeof value === 'object' && value !== null) {
    for (const item of Object.values(value)) freeze(item)
    Object.freeze(value)
  }
  return value
}

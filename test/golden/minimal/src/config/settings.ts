import { Type } from 'typebox'
import type { Config } from './index.ts'
import * as sections from './sections.ts'

/** A property of a section, with what it says about its environment variable. */
export interface Setting {
  section: string
  key: string
  /** The environment variable. */
  env: string
  description: string
  /** JSON schema of the value. */
  schema: SettingSchema
  /** May be left out without having a default. */
  optional: boolean
  /** Its value is never shown. */
  secret: boolean
}

/** The keywords of a property's schema that are read here. */
export interface SettingSchema {
  env: string
  type?: string
  enum?: readonly string[]
  items?: SettingSchema
  minimum?: number
  maximum?: number
  default?: unknown
  /** Defaults that differ from `default`, by environment. */
  defaultIn?: Record<string, unknown>
  /** What a right value looks like, where the other keywords do not say it. */
  expected?: string
  secret?: boolean
  /** Why an optional setting must be set after all, where another one asks for it. */
  neededBecause?: (config: Config) => string | undefined
  /** What would be right, and why, where the value cannot stand beside those of other settings. */
  refusedBecause?: (config: Config) => readonly [expected: string, reason: string] | undefined
  description?: string
}

/** Every setting of every section, in the order of the sections. */
export const settings: readonly Setting[] = Object.entries(sections).flatMap(([section, object]) =>
  Object.entries(object.properties).map(([key, property]) => {
    const schema = property as unknown as SettingSchema
    return {
      section,
      key,
      env: schema.env,
      description: schema.description ?? '',
      schema,
      optional: Type.IsOptional(property),
      secret: schema.secret === true,
    }
  }),
)

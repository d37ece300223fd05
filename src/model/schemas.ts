import type { PackageVersion } from './place.ts'

/** A type of Fastify's, and the package that has it. */
export interface TypeProvider {
  readonly type: string
  readonly from: string
}

/** The schemas that the compilers of a project take, and how the project writes them. */
export type SchemaStyle =
  /** JSON Schema; constant where types are derived from it. */
  | { readonly kind: 'json'; readonly provider?: TypeProvider }
  | {
      readonly kind: 'typebox'
      readonly provider?: TypeProvider
      /** The module that has `Type`. */
      readonly from: string
      /** Whether TypeBox validates; else Ajv does, which coerces and knows formats. */
      readonly isStrict: boolean
    }
  | {
      readonly kind: 'zod'
      readonly provider?: TypeProvider
      readonly from: string
      /** How `z` is imported: `{ z }`, `z` or `* as z`. */
      readonly clause: string
      /** The version whose functions the module has. */
      readonly version: PackageVersion
    }
  /** Other ones; `at` is the place, if it's known, where a compiler is set. */
  | { readonly kind: 'unknown'; readonly at?: string }

import { RefusedError } from '../errors.ts'
import { type DrizzleHandle, findHandle, noDrizzleHint } from './drizzle-handle.ts'
import { type DrizzleSchema, findSchema } from './drizzle-schema.ts'
import { drizzleSources } from './drizzle-sources.ts'
import { besideFeature } from './feature-folders.ts'
import { installedPackage, type Package, packageAt } from './package.ts'

/** A table that the project has already. */
export interface KnownTable {
  readonly path: string
  readonly line: number
  /** The constant that holds it. */
  readonly variable: string
  /** Its name in the database, as far as it is written out. */
  readonly name?: string
}

/** What is known of Drizzle on PostgreSQL in a project that was made elsewhere. */
export interface DrizzleFacts {
  readonly handle: DrizzleHandle
  readonly schema: DrizzleSchema
  readonly tables: readonly KnownTable[]
  /** A folder with everything of one feature, such as `src/modules/users`; new ones go beside it. */
  readonly feature?: string
}

/** The first version whose tables take a list of indexes and checks. */
const oldestMinor = 36

/**
 * Finds Drizzle on PostgreSQL by the syntax of a bounded set of files.
 * @throws {RefusedError} with what was looked for
 */
export function findDrizzle(root: string): DrizzleFacts {
  const own = packageAt(root) ?? {}
  refuseWithout(root, own)
  const sources = drizzleSources(root, own)
  const found = findHandle(sources)
  if ('code' in found) throw new RefusedError([found])
  const tables = sources.tables.flatMap(({ path, tables }) => tables.map((it) => ({ ...it, path })))
  const schema = findSchema(sources, found)
  const beside = besideFeature(
    schema.models,
    tables.map(({ path }) => path),
  )
  return {
    handle: found.handle,
    schema: beside === undefined ? schema : { ...schema, models: beside.models },
    tables,
    ...(beside === undefined ? {} : { feature: beside.feature }),
  }
}

function refuseWithout(root: string, own: Package): void {
  const { dependencies, devDependencies, peerDependencies } = own
  const range = { ...peerDependencies, ...devDependencies, ...dependencies }['drizzle-orm']
  if (range === undefined) {
    throw new RefusedError([
      {
        code: 'NO_ANCHOR',
        file: 'package.json',
        message:
          'A resource needs Drizzle on PostgreSQL. Looked for drizzle-orm among the dependencies of package.json, and it is not there.',
        hint: noDrizzleHint,
      },
    ])
  }
  const installed = installedPackage(root, 'drizzle-orm') as
    | { readonly version?: string }
    | undefined
  const version = installed?.version ?? range
  const [, major, minor] = /(\d+)\.(\d+)/.exec(version) ?? []
  if (major !== '0' || Number(minor) >= oldestMinor) return
  throw new RefusedError([
    {
      code: 'NO_ANCHOR',
      file: 'package.json',
      message: `A resource needs drizzle-orm 0.${oldestMinor} or newer; here it is ${version}.`,
      hint: 'Update it: npm install drizzle-orm@latest',
    },
  ])
}

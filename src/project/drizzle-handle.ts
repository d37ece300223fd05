import type { Refusal } from '../model/refusal.ts'
import { databaseName, isPostgres, postgresDrivers } from './drizzle-dialect.ts'
import type { DrizzleSources } from './drizzle-sources.ts'

/** How code of the project gets at its database. */
export type DrizzleHandle =
  /** An import; `default` is the name of the default export. */
  | { readonly kind: 'export'; readonly file: string; readonly name: string }
  /** A property of the Fastify instance. */
  | { readonly kind: 'decorator'; readonly name: string }

/** A handle where it stands, with the module of its schema. */
export interface FoundHandle {
  readonly handle: DrizzleHandle
  readonly path: string
  readonly line: number
  readonly driver: string
  readonly schema?: string
}

/** The name by which one of several is chosen. */
const usual = 'db'

/** The handle of the project: one that is exported, else one that decorates the Fastify instance. */
export function findHandle(sources: DrizzleSources): FoundHandle | Refusal {
  const exported = exportedIn(sources)
  const decorated = decoratedIn(sources)
  for (const found of [exported, decorated]) {
    const fitting = found.filter(({ driver }) => isPostgres(driver))
    const named = fitting.filter(({ handle }) => handle.name === usual)
    const chosen = named.length > 0 ? named : fitting
    if (chosen[0] !== undefined && chosen.length === 1) return chosen[0]
    if (chosen.length > 1) return ambiguous(chosen)
  }
  return refusalOf([...exported, ...decorated], sources)
}

function exportedIn({ handles }: DrizzleSources): readonly FoundHandle[] {
  return handles.flatMap(({ path, exported }) =>
    exported.map(({ name, ...found }) => ({
      ...found,
      path,
      handle: { kind: 'export', file: path, name } as const,
    })),
  )
}

function decoratedIn({ handles, resolve }: DrizzleSources): readonly FoundHandle[] {
  const made = (from: string, path: string, name: string) => {
    const file = handles.find((other) => other.path === resolve(from, path))
    return [...(file?.exported ?? []), ...(file?.makers ?? [])].find((it) => it.name === name)
  }
  const found = handles.flatMap(({ path, decorations }) =>
    decorations.flatMap(({ name, line, handle, origin }): readonly FoundHandle[] => {
      const value = handle ?? (origin && made(origin.from, path, origin.imported))
      if (value === undefined) return []
      const { driver, schema } = value
      // The schema of another file is named from there: it is looked for by its tables.
      const own = handle === undefined || schema === undefined ? {} : { schema }
      return [{ handle: { kind: 'decorator', name }, path, line, driver, ...own }]
    }),
  )
  // Several apps may be given the same one.
  return found.filter(
    ({ handle }, index) => found.findIndex((other) => other.handle.name === handle.name) === index,
  )
}

function ambiguous(found: readonly FoundHandle[]): Refusal {
  return {
    code: 'AMBIGUOUS',
    message: 'There are several database handles of Drizzle, and none alone is called db.',
    candidates: found.map(({ path, line, handle }) => `${path}:${line} ${handle.name}`),
    hint: 'Export the one that resources are to use as db.',
  }
}

function refusalOf(others: readonly FoundHandle[], { handles, config }: DrizzleSources): Refusal {
  const [other] = others
  if (other !== undefined) {
    const { path, line, driver } = other
    return {
      code: 'NO_ANCHOR',
      file: path,
      line,
      message: `A resource needs Drizzle on PostgreSQL; here it is on ${databaseName(driver)} (${driver}). Looked for ${drivers}.`,
      hint: noDrizzleHint,
    }
  }
  const { dialect } = config ?? {}
  if (config !== undefined && dialect !== undefined && dialect !== 'postgresql') {
    return {
      code: 'NO_ANCHOR',
      file: config.path,
      message: `A resource needs Drizzle on PostgreSQL; ${config.path} is for ${databaseName(dialect)}.`,
      hint: noDrizzleHint,
    }
  }
  const where = handles.map(({ path }) => path).slice(0, 8)
  return {
    code: 'NO_ANCHOR',
    message: `No database handle was found. Looked for an exported one (export const db = drizzle(…), with drizzle from ${drivers}) and for one on the Fastify instance (app.decorate('db', drizzle(…))), in ${where.join(', ') || 'all source files'}.`,
    hint: 'Export the handle of your database, for example from src/db/index.ts, then run the command again.',
  }
}

const drivers = `drizzle-orm/${postgresDrivers.slice(0, 5).join(', ')} …`

/** What works without a database. */
export const noDrizzleHint =
  'Routes without a database need Fastify only: create-service generate router <name>'

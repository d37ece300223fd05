import { posix } from 'node:path'
import { RefusedError } from '../errors.ts'
import type { FoundHandle } from './drizzle-handle.ts'
import { fileFor, isPattern } from './drizzle-pattern.ts'
import type { DrizzleSources } from './drizzle-sources.ts'

/** Where the tables of the project are. */
export interface DrizzleSchema {
  /** The path of a new table's file, with `*` for its name. */
  readonly models: string
  /** The file that has to export it, so that drizzle-kit sees it; none where it reads the folder. */
  readonly barrel?: string
}

const endings = ['.ts', '.mts', '.js', '.mjs']

/**
 * Finds the schema: what drizzle.config.ts names, else what the handle was made with, else the files
 * that declare tables.
 * @throws {RefusedError} with what was looked for
 */
export function findSchema(sources: DrizzleSources, found: FoundHandle): DrizzleSchema {
  const { config } = sources
  const isOurs = config?.dialect === undefined || config.dialect === 'postgresql'
  const used = found.schema === undefined ? undefined : sources.resolve(found.schema, found.path)
  if (config?.schema !== undefined && isOurs) {
    return ofConfig({ path: config.path, entries: config.schema }, used, sources, found)
  }
  return used === undefined ? ofTables(sources, found) : ofFile(used, sources)
}

function ofConfig(
  { path, entries }: { readonly path: string; readonly entries: readonly string[] },
  used: string | undefined,
  sources: DrizzleSources,
  { path: near }: FoundHandle,
): DrizzleSchema {
  const fitting = entries.flatMap((entry) => ofEntry(posix.normalize(entry), sources, near) ?? [])
  const [first] = fitting
  if (first !== undefined && fitting.length === 1) return first
  const named = fitting.find(({ barrel }) => barrel !== undefined && barrel === used)
  if (named !== undefined) return named
  throw new RefusedError([
    {
      code: fitting.length > 1 ? 'AMBIGUOUS' : 'NO_ANCHOR',
      file: path,
      message:
        fitting.length > 1
          ? `${path} names several schemas, and the database handle is given none of them.`
          : `No place was found for a new table: ${path} has schema: ${entries.join(', ')}, and there is no such file or folder.`,
      ...(fitting.length > 1 ? { candidates: entries } : {}),
      hint: 'Name one file, folder or pattern there that exists.',
    },
  ])
}

function ofEntry(entry: string, sources: DrizzleSources, near: string): DrizzleSchema | undefined {
  if (isPattern(entry)) {
    const fitting = fileFor(entry, foldersOf(filesWithTables(sources)), posix.extname(near))
    if (fitting === undefined) return undefined
    const { folder, name } = fitting
    return ofFolder(folder, sources, name) ?? { models: posix.join(folder, name) }
  }
  const stem = entry.replace(/\.[cm]?[jt]s$/, '')
  const [file] = sources.existing([entry, ...endings.map((ending) => stem + ending)])
  return file === undefined ? ofFolder(entry.replace(/\/$/, ''), sources) : ofFile(file, sources)
}

/** A file that holds the tables, or exports those of others. */
function ofFile(file: string, sources: DrizzleSources): DrizzleSchema {
  const parts = partsOf(file, sources)
  const folders = foldersOf(parts)
  const [only] = folders
  const folder = only !== undefined && folders.length === 1 ? only : posix.dirname(file)
  return { models: posix.join(folder, nameLike(parts, posix.extname(file))), barrel: file }
}

/** A folder that is read as a whole; its index file, where it has one, exports the others. */
function ofFolder(
  folder: string,
  sources: DrizzleSources,
  name?: string,
): DrizzleSchema | undefined {
  const tables = filesWithTables(sources).filter((path) => posix.dirname(path) === folder)
  const [index] = sources
    .existing(endings.map((ending) => posix.join(folder, `index${ending}`)))
    .filter((path) => partsOf(path, sources).length > 0)
  const [first = index] = tables
  if (first === undefined) return undefined
  const models = posix.join(folder, name ?? nameLike(tables, posix.extname(first)))
  return { models, ...(index === undefined ? {} : { barrel: index }) }
}

/** Without a word about a schema: the one file with tables, what exports all of them, the one folder. */
function ofTables(sources: DrizzleSources, { path }: FoundHandle): DrizzleSchema {
  const files = filesWithTables(sources)
  const holdsAll = (file: string): boolean => {
    const parts = partsOf(file, sources)
    return files.every((other) => other === file || parts.includes(other))
  }
  const barrel = files.find(holdsAll)
  if (barrel !== undefined) return ofFile(barrel, sources)
  const folders = foldersOf(files)
  const [folder] = folders
  const found = folders.length === 1 && folder ? ofFolder(folder, sources) : undefined
  if (found !== undefined) return found
  throw new RefusedError([
    {
      code: files.length > 1 ? 'AMBIGUOUS' : 'NO_ANCHOR',
      message: `No place was found for a new table. Looked for schema in drizzle.config.ts (or .js), for the schema that drizzle(…) is given in ${path}, and for one file or folder with pgTable(…).`,
      ...(files.length > 1 ? { candidates: files.slice(0, 8) } : {}),
      hint: "Say it in drizzle.config.ts, for example schema: './src/db/schema.ts'.",
    },
  ])
}

function filesWithTables(sources: DrizzleSources): readonly string[] {
  return sources.tables.filter(({ tables }) => tables.length > 0).map(({ path }) => path)
}

function foldersOf(files: readonly string[]): readonly string[] {
  return [...new Set(files.map((file) => posix.dirname(file)))]
}

/** The files of which a file exports everything. */
function partsOf(file: string, { tables, resolve }: DrizzleSources): readonly string[] {
  const { reexports = [] } = tables.find(({ path }) => path === file) ?? {}
  return reexports.flatMap((specifier) => resolve(specifier, file) ?? [])
}

/** `users.table.ts` beside `teams.table.ts` asks for `*.table.ts`. */
function nameLike(files: readonly string[], ending: string): string {
  const suffixes = new Set(
    files.map((file) => /\.[\w-]+(?=\.\w+$)/.exec(posix.basename(file))?.[0]),
  )
  const [suffix = ''] = suffixes.size === 1 ? suffixes : []
  return `*${suffix}${ending}`
}

import { join, posix } from 'node:path'
import { type DrizzleConfig, drizzleConfig } from '../edits/drizzle-config.ts'
import { type DrizzleHandles, drizzleHandles } from '../edits/drizzle-handles.ts'
import { type DrizzleTables, drizzleTables } from '../edits/drizzle-tables.ts'
import { leadsTo } from '../edits/specifier.ts'
import { readTextIfAny, sourcesBelow } from '../system/files.ts'
import { aliasesOf } from './aliases.ts'
import type { Package } from './package.ts'
import { type SourceText, sourcesAt } from './sources.ts'
import { compilerOptionsOf } from './tsconfig.ts'

type Found<T> = T & { readonly path: string }

/** What the files of a project say about Drizzle. */
export interface DrizzleSources {
  readonly config?: Found<DrizzleConfig>
  readonly handles: readonly Found<DrizzleHandles>[]
  /** Files that declare tables, and files that export everything of others. */
  readonly tables: readonly Found<DrizzleTables>[]
  /** The file that a specifier in another one leads to. */
  resolve(specifier: string, from: string): string | undefined
  /** The files, of these in order, that exist. */
  existing(paths: readonly string[]): readonly string[]
}

const configNames = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs'].map((it) => `drizzle.config.${it}`)

/** So many files are looked into of each sort. */
const mostHandles = 50
const mostTables = 200

/** Reads the files of a project that speak of Drizzle; tests and what is built do not count. */
export function drizzleSources(root: string, own: Package): DrizzleSources {
  const files = sourcesAt(root, sourcesBelow(root))
  const paths = files.map(({ path }) => path)
  const config = configNames.flatMap((path) => {
    const text = readTextIfAny(join(root, path))
    return text === undefined ? [] : [{ path, ...drizzleConfig(path, text) }]
  })
  const aliases = aliasesOf(own, compilerOptionsOf(root))
  return {
    ...(config[0] === undefined ? {} : { config: config[0] }),
    handles: read(
      files,
      /\bdrizzle-orm\/(?!pg-core\b)|\.decorate\s*[(<]/,
      mostHandles,
      drizzleHandles,
    ),
    tables: read(files, /\bdrizzle-orm\/pg-core\b|\bexport\s*\*/, mostTables, drizzleTables),
    resolve: (specifier, from) =>
      paths.find((path) =>
        leadsTo(specifier, { from: relativeTo(from, path), aliases: aliases.of(path) }),
      ),
    existing: (asked) => asked.filter((path) => paths.includes(path)),
  }
}

function read<T>(
  files: readonly SourceText[],
  about: RegExp,
  most: number,
  look: (path: string, text: string) => T,
): readonly Found<T>[] {
  return files
    .filter(({ text }) => about.test(text))
    .slice(0, most)
    .map(({ path, text }) => ({ path, ...look(path, text) }))
}

function relativeTo(from: string, path: string): string {
  const relative = posix.relative(posix.dirname(from), path)
  return relative.startsWith('.') ? relative : `./${relative}`
}

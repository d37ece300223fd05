import { posix } from 'node:path'

/** Where the table of a new feature goes, and a folder that shows how a feature is laid out. */
export interface BesideFeature {
  /** The path of the new table's file, with `*` for its name. */
  readonly models: string
  readonly feature: string
}

/**
 * Where tables lie in a folder a feature (`modules/users/users.schema.ts`, `modules/users/schema.ts`),
 * a new one gets its own folder beside it.
 *
 * @param models where a new table would go otherwise, with `*` for its name
 * @param tables the files with tables
 */
export function besideFeature(
  models: string,
  tables: readonly string[],
): BesideFeature | undefined {
  const folder = posix.dirname(models)
  const own = tables.filter((path) => fits(posix.dirname(path), folder))
  const [first] = own
  if (first === undefined || !own.every(isOfFeature)) return undefined
  const feature = posix.dirname(first)
  const stem = stemOf(first)
  const name = stem === undefined ? posix.basename(first) : posix.basename(first).replace(stem, '*')
  return { models: posix.join(posix.dirname(feature), '*', name), feature }
}

/** Whether a folder is one, or fits it where a `*` stands for its name. */
function fits(folder: string, pattern: string): boolean {
  const [head = '', tail] = pattern.split('*')
  if (tail === undefined) return folder === pattern
  return folder.startsWith(head) && folder.endsWith(tail)
}

/** Folders of these names hold tables of all features. */
const shared = /^(?:src|lib|app|server|db|database|drizzle|schemas?|tables?|models?|entities)$/i

function isOfFeature(path: string): boolean {
  const folder = posix.basename(posix.dirname(path))
  return (
    !shared.test(folder) &&
    (stemOf(path) !== undefined || /^(?:schema|table|model)s?\./i.test(posix.basename(path)))
  )
}

/** The part of a file's name that is its folder's: `users` of `users/users.schema.ts`. */
function stemOf(path: string): string | undefined {
  const folder = singular(posix.basename(posix.dirname(path)))
  const [stem = ''] = posix.basename(path).split('.')
  return singular(stem) === folder ? stem : undefined
}

function singular(word: string): string {
  return word.toLowerCase().replace(/s$/, '')
}

/** What the files of a feature are called: `users.*.ts` in `users`, each with what it is for. */
export interface FeatureNames {
  /** Whether the folder, or a file, has the plural. */
  readonly isPlural: boolean
  readonly routes: string
  readonly repository: string
  readonly schema: string
}

/**
 * The suffixes of a feature's files, taken from its siblings.
 *
 * @param feature a folder of a feature
 * @param names the names in it
 * @param table the name of the file with the table
 */
export function featureNames(
  feature: string,
  names: readonly string[],
  table: string,
): FeatureNames {
  const like = (pattern: RegExp, usual: string) =>
    names.filter((name) => name !== table).flatMap((name) => pattern.exec(name)?.[1] ?? [])[0] ??
    usual
  return {
    isPlural: posix.basename(feature).endsWith('s'),
    routes: like(/\.(routes?|router|controller)\.[cm]?[jt]s$/, 'routes'),
    repository: like(/\.(repository|repo|store|dao)\.[cm]?[jt]s$/, 'repository'),
    // The table may be called `users.schema.ts` itself.
    schema: like(
      /\.(schemas?|dto|validation|contract)\.[cm]?[jt]s$/,
      /\.schema\.[cm]?[jt]s$/.test(table) ? 'dto' : 'schema',
    ),
  }
}

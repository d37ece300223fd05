import type { ts } from 'ts-morph'
import type { FileFilter } from '../model/place.ts'
import { fileFilters } from './file-filters.ts'
import { callsOfMethod } from './instances.ts'
import { lineNumber } from './lines.ts'
import { objectOf, propertyOf } from './option-values.ts'
import { isLoader } from './own-plugins.ts'
import { type Source, typescript } from './source-file.ts'
import { staticPath, staticText } from './static-path.ts'

/** A folder whose files are registered by `@fastify/autoload`. */
export interface Autoload {
  /**
   * The folder from that of the file, such as `plugins` or `../routes`; a plain relative string
   * counts from the project's root. Undefined if it is known at run time only.
   */
  readonly dir?: string
  /** What `options.prefix` puts before every route, if that is a plain text. */
  readonly prefix?: string
  /** The expression of `options.prefix` where it is not. */
  readonly unknownPrefix?: string
  /** Whether the names of the folders below become part of the routes. */
  readonly dirNameRoutePrefix: boolean
  /** Whether an option decides which files are taken, so that a new one may be left out. */
  readonly hasPattern: boolean
  /** Those of them that say so by the path of a file. */
  readonly filters?: readonly FileFilter[]
  /** One-based. */
  readonly line: number
}

const PATTERNS = ['matchFilter', 'ignorePattern', 'ignoreFilter', 'scriptPattern', 'indexPattern']

/** The folders that a file loads, whatever the loader is called and however it was imported. */
export function autoloads(source: Source): Autoload[] {
  return callsOfMethod(source, 'register').flatMap((node) => {
    const [plugin, given] = node.arguments
    if (plugin === undefined || !isLoader(plugin)) return []
    const options = given && objectOf(given)
    const value = (name: string) => options && propertyOf(options, name)
    const dir = value('dir')
    const folder = dir && staticPath(dir, source.path)
    const shared = value('options')
    const inherited = shared && objectOf(shared)
    const prefix = inherited && propertyOf(inherited, 'prefix')
    const text = prefix && staticText(prefix)
    const filters = fileFilters(source, options)
    return [
      {
        ...(folder === undefined ? {} : { dir: folder }),
        ...(text === undefined ? {} : { prefix: text }),
        ...(prefix === undefined || text !== undefined
          ? {}
          : { unknownPrefix: prefix.getText(source.file) }),
        dirNameRoutePrefix: !isFalse(value('dirNameRoutePrefix')),
        hasPattern: PATTERNS.some((name) => value(name) !== undefined),
        ...(filters.length === 0 ? {} : { filters }),
        line: lineNumber(source.text, node.getStart(source.file)),
      },
    ]
  })
}

function isFalse(node: ts.Expression | undefined): boolean {
  return node?.kind === typescript().SyntaxKind.FalseKeyword
}

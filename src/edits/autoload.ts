import type { ts } from 'ts-morph'
import { callsOfMethod } from './instances.ts'
import { lineNumber } from './lines.ts'
import { isLoader } from './own-plugins.ts'
import { bare, declarationOf } from './scopes.ts'
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
  /** Whether the names of the folders below become part of the routes. */
  readonly dirNameRoutePrefix: boolean
  /** Whether an option decides which files are taken, so that a new one may be left out. */
  readonly hasPattern: boolean
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
    return [
      {
        ...(folder === undefined ? {} : { dir: folder }),
        ...(text === undefined ? {} : { prefix: text }),
        dirNameRoutePrefix: !isFalse(value('dirNameRoutePrefix')),
        hasPattern: PATTERNS.some((name) => value(name) !== undefined),
        line: lineNumber(source.text, node.getStart(source.file)),
      },
    ]
  })
}

function isFalse(node: ts.Expression | undefined): boolean {
  return node?.kind === typescript().SyntaxKind.FalseKeyword
}

/** An object literal, a constant that is one, or the first one that `Object.assign` merges. */
function objectOf(expression: ts.Expression, depth = 3): ts.ObjectLiteralExpression | undefined {
  const t = typescript()
  const node = bare(expression)
  if (depth === 0 || t.isObjectLiteralExpression(node)) {
    return t.isObjectLiteralExpression(node) ? node : undefined
  }
  if (t.isIdentifier(node)) {
    const { initializer } = (declarationOf(node) ?? {}) as { initializer?: ts.Expression }
    return initializer && objectOf(initializer, depth - 1)
  }
  if (!t.isCallExpression(node)) return undefined
  const objects = node.arguments.flatMap((argument) => objectOf(argument, depth - 1) ?? [])
  return objects.find(({ properties }) => properties.length > 0)
}

function propertyOf(object: ts.ObjectLiteralExpression, key: string): ts.Expression | undefined {
  const t = typescript()
  for (const property of object.properties) {
    const { name } = property
    if (name === undefined || !(t.isIdentifier(name) || t.isStringLiteral(name))) continue
    if (name.text !== key) continue
    if (t.isPropertyAssignment(property)) return property.initializer
    if (t.isShorthandPropertyAssignment(property)) return property.name
    // A method is a value as well: `matchFilter(path) {}`.
    if (t.isMethodDeclaration(property)) return name as ts.Identifier
  }
  return undefined
}

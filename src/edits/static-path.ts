import { posix } from 'node:path'
import type { ts } from 'ts-morph'
import { bare, declarationOf } from './scopes.ts'
import { typescript } from './source-file.ts'

/** A path that the text of a file tells: from the file's folder, from the working folder, or bare. */
interface Known {
  readonly base?: 'folder' | 'cwd'
  readonly path: string
}

const DEPTH = 12
const JOINS = /^(?:join|resolve)$/

/**
 * The folder that an expression such as `join(import.meta.dirname, 'routes')` means.
 *
 * @param file the path of the file from the project's root, which counts as the working folder
 * @returns the folder from the file's own; undefined if it is known at run time only
 */
export function staticPath(expression: ts.Expression, file: string): string | undefined {
  const known = evaluate(expression, posix.basename(file), DEPTH)
  if (known === undefined || posix.isAbsolute(known.path)) return undefined
  const { base, path } = known
  const from = base === 'folder' ? path : posix.relative(posix.dirname(file), path)
  return posix.normalize(from || '.').replace(/(.)\/$/, '$1')
}

/** The text of a literal, or of a constant that is one. */
export function staticText(expression: ts.Expression): string | undefined {
  const known = evaluate(expression, '', DEPTH)
  return known?.base === undefined ? known?.path : undefined
}

function evaluate(expression: ts.Expression, file: string, depth: number): Known | undefined {
  const t = typescript()
  const node = bare(expression)
  const inner = (one: ts.Expression | undefined) =>
    depth === 0 || one === undefined ? undefined : evaluate(one, file, depth - 1)
  if (t.isStringLiteralLike(node)) return { path: node.text }
  if (t.isTemplateExpression(node)) {
    return node.templateSpans.reduce<Known | undefined>(
      (whole, { expression: part, literal }) =>
        glued(glued(whole, inner(part)), { path: literal.text }),
      { path: node.head.text },
    )
  }
  if (t.isBinaryExpression(node) && node.operatorToken.kind === t.SyntaxKind.PlusToken) {
    return glued(inner(node.left), inner(node.right))
  }
  if (t.isIdentifier(node)) {
    const { initializer } = (declarationOf(node) ?? {}) as { initializer?: ts.Expression }
    const value = inner(initializer)
    if (value !== undefined) return value
    return special(node.text, file)
  }
  if (t.isPropertyAccessExpression(node)) {
    const { name, expression: object } = node
    if (t.isMetaProperty(object)) return special(name.text, file)
    return ['pathname', 'href'].includes(name.text) ? inner(object) : undefined
  }
  if (t.isNewExpression(node)) {
    const [path, base] = (node.arguments ?? []).map((argument) => inner(argument))
    return base && path && joined([{ ...base, path: posix.dirname(base.path) }, path])
  }
  if (!t.isCallExpression(node)) return undefined
  const { expression: callee, arguments: list } = node
  const name = t.isPropertyAccessExpression(callee) ? callee.name : callee
  const [first, ...rest] = list.map((argument) => inner(argument))
  if (!t.isIdentifier(name)) return undefined
  // A join that takes the address of the module, as that of `desm` does, counts from its folder.
  const isFromModule = JOINS.test(name.text) && list[0] !== undefined && isModuleUrl(list[0])
  return called(name.text, [isFromModule ? parent(first) : first, ...rest])
}

function isModuleUrl(node: ts.Expression): boolean {
  const { isMetaProperty, isPropertyAccessExpression } = typescript()
  if (!isPropertyAccessExpression(node)) return false
  return isMetaProperty(node.expression) && node.name.text === 'url'
}

function parent(known: Known | undefined): Known | undefined {
  return known && { ...known, path: posix.dirname(known.path) }
}

function special(name: string, file: string): Known | undefined {
  if (name === '__dirname' || name === 'dirname') return { base: 'folder', path: '.' }
  const isFile = ['__filename', 'filename', 'url'].includes(name)
  return isFile ? { base: 'folder', path: file } : undefined
}

function called(name: string, values: readonly (Known | undefined)[]): Known | undefined {
  const [first] = values
  if (name === 'cwd') return { base: 'cwd', path: '.' }
  if (name === 'fileURLToPath') return first
  if (name === 'dirname') return parent(first)
  return JOINS.test(name) ? joined(values) : undefined
}

function joined(values: readonly (Known | undefined)[]): Known | undefined {
  const known = values.filter((value) => value !== undefined)
  const [first, ...rest] = known
  if (first === undefined || known.length < values.length) return undefined
  if (rest.some(({ base }) => base !== undefined)) return undefined
  return { ...first, path: posix.join(...known.map(({ path }) => path)) }
}

function glued(left: Known | undefined, right: Known | undefined): Known | undefined {
  if (left === undefined || right === undefined) return undefined
  if (left.path === '') return right
  return right.base === undefined ? { ...left, path: left.path + right.path } : undefined
}

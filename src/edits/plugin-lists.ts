import type { ts } from 'ts-morph'
import { callOf } from './calls.ts'
import { callsOfMethod } from './instances.ts'
import { bare, declarationOf } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'

/** An array literal whose items are registered one after the other. */
export interface PluginList {
  /** The variable or class field; a dot leads to a property of it. */
  readonly name: string
  readonly literal: ts.ArrayLiteralExpression
}

/** The lists of plugins of a file that a loop of the same file registers. */
export function pluginLists(source: Source): PluginList[] {
  const { isIdentifier } = typescript()
  const found = new Map<ts.Node, PluginList>()
  for (const { arguments: list } of callsOfMethod(source, 'register')) {
    const [plugin] = list
    const item = plugin && isIdentifier(plugin) ? declarationOf(plugin) : undefined
    const looped = item && loopedOver(item)
    const known = looped && literalOf(looped)
    if (known !== undefined) found.set(known.literal, known)
  }
  return [...found.values()]
}

/** What a loop goes over whose variable this is: `for (const item of list)`, `list.forEach(…)`. */
export function loopedOver(item: ts.Node): ts.Expression | undefined {
  const t = typescript()
  if (t.isVariableDeclaration(item)) {
    const loop = item.parent.parent
    return t.isForOfStatement(loop) ? loop.expression : undefined
  }
  if (!t.isParameter(item) || item.parent.parameters[0] !== item) return undefined
  const call = callOf(item.parent.parent)
  const isLoop = call?.method === 'forEach' || call?.method === 'map'
  return isLoop && call.node.arguments[0] === item.parent ? call.root : undefined
}

export function literalOf(expression: ts.Expression): PluginList | undefined {
  const t = typescript()
  const node = bare(expression)
  const initializer = t.isIdentifier(node) ? initialOf(declarationOf(node)) : undefined
  if (t.isIdentifier(node)) return asList(node.text, initializer)
  if (!t.isPropertyAccessExpression(node)) return undefined
  const { name, expression: object } = node
  if (object.kind === t.SyntaxKind.ThisKeyword) {
    const members = t.findAncestor(node, t.isClassLike)?.members ?? []
    const field = members.find((member) => member.name && isNamed(member.name, name.text))
    return asList(name.text, initialOf(field))
  }
  const whole = t.isIdentifier(object) ? initialOf(declarationOf(object)) : undefined
  if (!t.isIdentifier(object) || !whole || !t.isObjectLiteralExpression(whole)) return undefined
  const property = whole.properties.find((one) => one.name && isNamed(one.name, name.text))
  return asList(`${object.text}.${name.text}`, initialOf(property))
}

function isNamed(node: ts.Node, name: string): boolean {
  const { isIdentifier, isPrivateIdentifier } = typescript()
  return (isIdentifier(node) || isPrivateIdentifier(node)) && node.text === name
}

function initialOf(node: ts.Node | undefined): ts.Expression | undefined {
  const { initializer } = (node ?? {}) as { initializer?: ts.Expression }
  return initializer && bare(initializer)
}

function asList(name: string, literal: ts.Expression | undefined): PluginList | undefined {
  const isArray = literal !== undefined && typescript().isArrayLiteralExpression(literal)
  return isArray ? { name, literal } : undefined
}

import type { ts } from 'ts-morph'
import { chainRoot } from './calls.ts'
import { bare, declarationOf } from './scopes.ts'
import { typescript } from './source-file.ts'

/** What keeps a value: a variable or parameter, or a member of a class or of another variable. */
export interface Holder {
  /** The declaration of the variable, the class, or the call that made an unnamed value. */
  readonly node: ts.Node
  readonly member?: string
}

export function isSameHolder(a: Holder, b: Holder): boolean {
  return a.node === b.node && a.member === b.member
}

/** The holder that an expression names, chained calls on it included. */
export function holderOf(expression: ts.Expression): Holder {
  const t = typescript()
  const root = chainRoot(expression)
  if (t.isIdentifier(root)) {
    const node = declarationOf(root)
    // A name that nothing declares is a global, or one that a declaration file knows.
    return node === undefined ? { node: root.getSourceFile(), member: root.text } : { node }
  }
  if (!t.isPropertyAccessExpression(root)) return { node: root }
  const { name, expression: whole } = root
  if (whole.kind === t.SyntaxKind.ThisKeyword) {
    const node = t.findAncestor(root, t.isClassLike)
    return { node: node ?? root.getSourceFile(), member: name.text }
  }
  const outer = holderOf(bare(whole))
  return { node: outer.node, member: `${outer.member ?? ''}.${name.text}` }
}

/** Whether an expression is, or is chained to, what one of the holders keeps. */
export function isHeld(holders: readonly Holder[], expression: ts.Expression): boolean {
  const holder = holderOf(expression)
  return holders.some((one) => isSameHolder(one, holder))
}

/** What an assignment's left side, a declaration or a class field holds; undefined for patterns. */
export function heldBy(node: ts.Node): Holder | undefined {
  const t = typescript()
  if (t.isVariableDeclaration(node) || t.isParameter(node)) {
    return t.isIdentifier(node.name) ? { node } : undefined
  }
  if (t.isPropertyDeclaration(node)) {
    const { name, parent } = node
    const isName = t.isIdentifier(name) || t.isPrivateIdentifier(name)
    return isName ? { node: parent, member: name.text } : undefined
  }
  if (t.isIdentifier(node)) return holderOf(node)
  if (!t.isPropertyAccessExpression(node)) return undefined
  return node.expression.kind === t.SyntaxKind.ThisKeyword ? holderOf(node) : undefined
}

/** The instance itself; what a method of it returns is something else, but for another type of it. */
export function isInstance(expression: ts.Expression, holders: readonly Holder[]): boolean {
  const t = typescript()
  const node = bare(expression)
  const isTyped =
    t.isCallExpression(node) &&
    t.isPropertyAccessExpression(node.expression) &&
    node.expression.name.text === 'withTypeProvider'
  const isName = t.isIdentifier(node) || t.isPropertyAccessExpression(node)
  return (isName || isTyped) && isHeld(holders, node)
}

/** Whether a call is given the instance, to a function or to a method of something else. */
export function isHandedTo(call: ts.CallExpression, holders: readonly Holder[]): boolean {
  const { isPropertyAccessExpression } = typescript()
  const { expression: callee, arguments: list } = call
  const isOn = isPropertyAccessExpression(callee) && isHeld(holders, callee.expression)
  return !isOn && list.some((argument) => isInstance(argument, holders))
}

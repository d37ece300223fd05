import type { ts } from 'ts-morph'
import { type Holder, heldBy, holderOf, isSameHolder } from './holders.ts'
import { bare } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'

/** A Fastify instance that a file builds and keeps. */
export interface Instance {
  /** The variable or the field. */
  readonly label: string
  /** How it is written where it is used: `app`, `this.app`. */
  readonly expression: string
  readonly isField: boolean
  /** The variables, parameters and fields that hold it, the one of `expression` first. */
  readonly holders: Holder[]
  /** The calls that build it; more than one where branches build it differently. */
  readonly builds: ts.Node[]
}

/** What can make a variable or field hold something. */
export type Kept = ts.VariableDeclaration | ts.BinaryExpression

// Methods of an instance that give the instance back.
const FLUENT =
  /^(?:withTypeProvider|register|after|use|route|all|get|head|post|put|patch|delete|options|(?:decorate|add|set)[A-Z]?\w*)$/

/** The node up to which an expression is still the instance: chains, wrappers and branches. */
function whole(node: ts.Node): ts.Node {
  const t = typescript()
  const { parent } = node
  if (t.isCallExpression(parent)) return node
  if (t.isPropertyAccessExpression(parent)) {
    const call = parent.parent
    const isChained = t.isCallExpression(call) && call.expression === parent
    return isChained && FLUENT.test(parent.name.text) ? whole(call) : node
  }
  const { operatorToken } = parent as { operatorToken?: ts.Node }
  const { QuestionQuestionToken, BarBarToken } = t.SyntaxKind
  const isBranch =
    (t.isConditionalExpression(parent) && parent.condition !== node) ||
    operatorToken?.kind === QuestionQuestionToken ||
    operatorToken?.kind === BarBarToken
  const isWrapper = t.isExpression(parent) && bare(parent) !== parent
  return isBranch || isWrapper ? whole(parent) : node
}

/** Records what holds a built instance; false if nothing does. */
export function keep(source: Source, build: ts.CallExpression, instances: Instance[]): boolean {
  const t = typescript()
  const holders: { holder: Holder; expression: string }[] = []
  let value = whole(build)
  for (;;) {
    const { parent } = value
    const isAssigned =
      t.isBinaryExpression(parent) &&
      parent.operatorToken.kind === t.SyntaxKind.EqualsToken &&
      parent.right === value
    const left = isAssigned ? parent.left : undefined
    const isDeclared =
      t.isVariableDeclaration(parent) || t.isParameter(parent) || t.isPropertyDeclaration(parent)
    const holder = left ? heldBy(left) : isDeclared ? heldBy(parent) : undefined
    if (holder !== undefined) {
      const name = left ?? (parent as ts.VariableDeclaration).name
      const text = name.getText(source.file)
      const isMember = t.isPropertyDeclaration(parent)
      // In `const app = (this.app = Fastify())` the variable is what the code around it uses.
      holders.unshift({ holder, expression: isMember ? `this.${text}` : text })
    }
    if (!isAssigned) break
    value = whole(parent)
  }
  const [main] = holders
  if (main === undefined) return false
  const known = instances.find(({ holders: [first] }) => first && isSameHolder(first, main.holder))
  if (known !== undefined) known.builds.push(build)
  else {
    const { expression } = main
    const isField = expression.startsWith('this.')
    const label = expression.replace(/^this\.#?/, '')
    const all = holders.map(({ holder }) => holder)
    instances.push({ label, expression, isField, holders: all, builds: [build] })
  }
  return true
}

/** `const typed = app.withTypeProvider<T>()` and `this.app = app` hold the same instance. */
export function addAlias(node: Kept, instances: readonly Pick<Instance, 'holders'>[]): void {
  const { isVariableDeclaration } = typescript()
  const [target, value] = isVariableDeclaration(node)
    ? [node, node.initializer]
    : [node.left, node.right]
  const holder = heldBy(target)
  if (holder === undefined || value === undefined || !isFluent(value)) return
  const from = holderOf(value)
  const known = instances.find(({ holders }) => holders.some((one) => isSameHolder(one, from)))
  if (known === undefined) return
  if (!known.holders.some((one) => isSameHolder(one, holder))) known.holders.push(holder)
}

/** Whether an expression is an instance that went through nothing but methods that return it. */
export function isFluent(expression: ts.Expression): boolean {
  const { isCallExpression, isPropertyAccessExpression } = typescript()
  const node = bare(expression)
  if (!isCallExpression(node)) return true
  const callee = node.expression
  const isMethod = isPropertyAccessExpression(callee) && FLUENT.test(callee.name.text)
  return isMethod && isFluent(callee.expression)
}

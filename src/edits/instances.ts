import type { ts } from 'ts-morph'
import { type Holder, heldBy, holderOf, isSameHolder } from './holders.ts'
import { isBuilder, originOf } from './origins.ts'
import { bare } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'

/** A Fastify instance that a file builds and keeps. */
export interface Instance {
  /** The variable or the field. */
  readonly label: string
  /** How it is written where it is used: `app`, `this.app`. */
  readonly expression: string
  readonly isField: boolean
  /** The variables and fields that hold it, the one of `expression` first. */
  readonly holders: Holder[]
  /** The calls that build it; more than one where branches build it differently. */
  readonly builds: ts.Node[]
}

/** What one walk over a file finds. */
export interface Survey {
  /** Every call of the file by its method, or by its function; those of neither are left out. */
  readonly calls: ReadonlyMap<string, readonly ts.CallExpression[]>
  readonly instances: readonly Instance[]
  /** Built instances that nothing holds, such as the one of `return Fastify().register(a)`. */
  readonly loose: readonly ts.CallExpression[]
}

type Kept = ts.VariableDeclaration | ts.BinaryExpression

// Methods of an instance that give the instance back.
const FLUENT =
  /^(?:withTypeProvider|register|after|use|route|all|get|head|post|put|patch|delete|options|(?:decorate|add|set)[A-Z]?\w*)$/

const surveys = new WeakMap<ts.SourceFile, Survey>()

/** Finds the Fastify instances that a file builds, by syntax alone; one walk a file. */
export function survey(source: Source): Survey {
  const known = surveys.get(source.file)
  if (known !== undefined) return known
  const calls = new Map<string, ts.CallExpression[]>()
  const kept: Kept[] = []
  const odd: ts.CallExpression[] = []
  const t = typescript()
  const visit = (node: ts.Node): void => {
    if (t.isCallExpression(node)) {
      const name = calledName(node)
      if (name === undefined) odd.push(node)
      else if (!calls.get(name)?.push(node)) calls.set(name, [node])
    } else if (t.isVariableDeclaration(node)) {
      if (node.initializer !== undefined) kept.push(node)
    } else if (t.isBinaryExpression(node)) {
      if (node.operatorToken.kind === t.SyntaxKind.EqualsToken) kept.push(node)
    }
    t.forEachChild(node, visit)
  }
  visit(source.file)
  const names = /['"`]fastify['"`]/.test(source.text) ? [...builderNames(source, kept)] : []
  const suspects =
    names.length === 0 ? [] : [...names.flatMap((name) => calls.get(name) ?? []), ...odd]
  const built = suspects.filter(({ expression }) => isBuilder(expression))
  const instances: Instance[] = []
  const loose = built.sort((a, b) => a.pos - b.pos).filter((call) => !keep(source, call, instances))
  for (const node of instances.length === 0 ? [] : kept) addAlias(node, instances)
  const result = { calls, instances, loose }
  surveys.set(source.file, result)
  return result
}

/** The calls of a method in a file, or of a plain function, from top to bottom. */
export function callsOfMethod(source: Source, name: string): readonly ts.CallExpression[] {
  return survey(source).calls.get(name) ?? []
}

function calledName({ expression: callee }: ts.CallExpression): string | undefined {
  const { isIdentifier, isPropertyAccessExpression } = typescript()
  if (isIdentifier(callee)) return callee.text
  return isPropertyAccessExpression(callee) ? callee.name.text : undefined
}

/** Every name that the function which builds instances may be called by. */
function builderNames({ file }: Source, kept: readonly Kept[]): Set<string> {
  const t = typescript()
  const names = new Set(['fastify', 'Fastify', 'default'])
  const add = (name: ts.Node): void => {
    if (t.isIdentifier(name)) names.add(name.text)
    else if (t.isObjectBindingPattern(name)) for (const { name: one } of name.elements) add(one)
  }
  for (const statement of file.statements) {
    if (t.isImportEqualsDeclaration(statement)) add(statement.name)
    if (!t.isImportDeclaration(statement) || statement.importClause === undefined) continue
    if ((statement.moduleSpecifier as ts.StringLiteral).text !== 'fastify') continue
    const { name, namedBindings } = statement.importClause
    if (name !== undefined) add(name)
    if (namedBindings === undefined) continue
    if (t.isNamespaceImport(namedBindings)) add(namedBindings.name)
    else for (const specifier of namedBindings.elements) add(specifier.name)
  }
  for (const node of kept) {
    if (!t.isVariableDeclaration(node) || node.initializer === undefined) continue
    if (originOf(node.initializer)?.from === 'fastify') add(node.name)
  }
  return names
}

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
function keep(source: Source, build: ts.CallExpression, instances: Instance[]): boolean {
  const { isBinaryExpression, isVariableDeclaration, isPropertyDeclaration, SyntaxKind } =
    typescript()
  const holders: { holder: Holder; expression: string }[] = []
  let value = whole(build)
  for (;;) {
    const { parent } = value
    const isAssigned =
      isBinaryExpression(parent) &&
      parent.operatorToken.kind === SyntaxKind.EqualsToken &&
      parent.right === value
    const left = isAssigned ? parent.left : undefined
    const isDeclared = isVariableDeclaration(parent) || isPropertyDeclaration(parent)
    const holder = left ? heldBy(left) : isDeclared ? heldBy(parent) : undefined
    if (holder !== undefined) {
      const name = left ?? (parent as ts.VariableDeclaration).name
      const text = name.getText(source.file)
      const isMember = isPropertyDeclaration(parent)
      holders.push({ holder, expression: isMember ? `this.${text}` : text })
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
function addAlias(node: Kept, instances: readonly Instance[]): void {
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

function isFluent(expression: ts.Expression): boolean {
  const { isCallExpression, isPropertyAccessExpression } = typescript()
  const node = bare(expression)
  if (!isCallExpression(node)) return true
  const callee = node.expression
  const isMethod = isPropertyAccessExpression(callee) && FLUENT.test(callee.name.text)
  return isMethod && isFluent(callee.expression)
}

import type { ts } from 'ts-morph'
import { typescript } from './source-file.ts'

/** What a name of one scope stands for: the node that declares it. */
type Names = ReadonlyMap<string, ts.Node>

const known = new WeakMap<ts.Node, Names>()

/** A declaration's name, or the names of its pattern. */
function bind(names: Map<string, ts.Node>, name: ts.Node | undefined, node: ts.Node): void {
  const { isIdentifier, isObjectBindingPattern, isArrayBindingPattern } = typescript()
  if (name === undefined) return
  if (isIdentifier(name)) names.set(name.text, node)
  else if (isObjectBindingPattern(name) || isArrayBindingPattern(name)) {
    for (const element of name.elements) {
      if ('name' in element) bind(names, element.name, element)
    }
  }
}

function bindImport(names: Map<string, ts.Node>, { importClause }: ts.ImportDeclaration): void {
  const { isNamespaceImport } = typescript()
  if (importClause === undefined) return
  bind(names, importClause.name, importClause)
  const { namedBindings } = importClause
  if (namedBindings === undefined) return
  if (isNamespaceImport(namedBindings)) bind(names, namedBindings.name, namedBindings)
  else for (const specifier of namedBindings.elements) bind(names, specifier.name, specifier)
}

function bindStatement(names: Map<string, ts.Node>, statement: ts.Statement): void {
  const { isVariableStatement, isImportDeclaration } = typescript()
  if (isImportDeclaration(statement)) bindImport(names, statement)
  else if (isVariableStatement(statement)) {
    for (const node of statement.declarationList.declarations) bind(names, node.name, node)
  } else bind(names, (statement as { name?: ts.Node }).name, statement)
}

function namesOf(scope: ts.Node): Names | undefined {
  const cached = known.get(scope)
  if (cached !== undefined) return cached
  const bindAll = binderOf(scope)
  if (bindAll === undefined) return undefined
  const names = new Map<string, ts.Node>()
  bindAll(names)
  known.set(scope, names)
  return names
}

/** What collects the names of a scope; undefined for a node that is no scope. */
function binderOf(scope: ts.Node): ((names: Map<string, ts.Node>) => void) | undefined {
  const t = typescript()
  if (t.isBlock(scope) || t.isSourceFile(scope) || t.isModuleBlock(scope)) {
    return (names) => {
      for (const statement of scope.statements) bindStatement(names, statement)
    }
  }
  if (t.isFunctionLike(scope)) {
    return (names) => {
      if (t.isFunctionExpression(scope)) bind(names, scope.name, scope)
      for (const parameter of scope.parameters) bind(names, parameter.name, parameter)
    }
  }
  if (t.isForStatement(scope) || t.isForOfStatement(scope) || t.isForInStatement(scope)) {
    const { initializer } = scope
    if (initializer === undefined || !t.isVariableDeclarationList(initializer)) return undefined
    return (names) => {
      for (const node of initializer.declarations) bind(names, node.name, node)
    }
  }
  if (t.isCatchClause(scope)) {
    return (names) => bind(names, scope.variableDeclaration?.name, scope)
  }
  if (!t.isCaseBlock(scope)) return undefined
  return (names) => {
    for (const statement of scope.clauses.flatMap(({ statements }) => [...statements])) {
      bindStatement(names, statement)
    }
  }
}

/** The node that declares what an identifier means, looked up from the inside out. */
export function declarationOf(identifier: ts.Identifier): ts.Node | undefined {
  return declarationIn(identifier.parent, identifier.text)
}

/** The node that declares what a name means in a scope. */
export function declarationIn(innermost: ts.Node, name: string): ts.Node | undefined {
  let scope: ts.Node | undefined = innermost
  while (scope !== undefined) {
    const found = namesOf(scope)?.get(name)
    if (found !== undefined) return found
    scope = scope.parent
  }
  return undefined
}

/** The function, method, class initialiser or file whose code a node belongs to. */
export function unitOf(node: ts.Node): ts.Node {
  const t = typescript()
  const isUnit = (parent: ts.Node) =>
    t.isFunctionLike(parent) ||
    t.isSourceFile(parent) ||
    t.isPropertyDeclaration(parent) ||
    t.isClassStaticBlockDeclaration(parent) ||
    t.isModuleBlock(parent)
  return t.findAncestor(node.parent, isUnit) ?? node.getSourceFile()
}

/** An expression without parentheses, `await`, `as`, `satisfies`, `!` and `<T>` around it. */
export function bare(node: ts.Expression): ts.Expression {
  const t = typescript()
  const isWrapped =
    t.isParenthesizedExpression(node) ||
    t.isAwaitExpression(node) ||
    t.isAsExpression(node) ||
    t.isSatisfiesExpression(node) ||
    t.isNonNullExpression(node) ||
    t.isTypeAssertionExpression(node)
  return isWrapped ? bare(node.expression) : node
}

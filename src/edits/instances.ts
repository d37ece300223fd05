import type { ts } from 'ts-morph'
import type { Holder } from './holders.ts'
import { addAlias, type Instance, type Kept, keep } from './instance-holders.ts'
import { isBuilder, originOf } from './origins.ts'
import { type Source, typescript } from './source-file.ts'

export type { Instance } from './instance-holders.ts'

/** What one walk over a file finds. */
export interface Survey {
  /** Every call of the file by its method, or by its function; those of neither are left out. */
  readonly calls: ReadonlyMap<string, readonly ts.CallExpression[]>
  /** What may give a value another name. */
  readonly kept: readonly Kept[]
  readonly instances: readonly Instance[]
  /** Built instances that nothing holds, such as the one of `return Fastify().register(a)`. */
  readonly loose: readonly ts.CallExpression[]
}

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
  const result = { calls, kept, instances, loose }
  surveys.set(source.file, result)
  return result
}

/** The holders of a value, and what holds the same under another name. */
export function withAliases(source: Source, holders: readonly Holder[]): readonly Holder[] {
  const all = { holders: [...holders] }
  for (const node of survey(source).kept) addAlias(node, [all])
  return all.holders
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

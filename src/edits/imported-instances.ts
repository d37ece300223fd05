import type { ts } from 'ts-morph'
import { allImports } from './bindings.ts'
import { callOf, chainRoot, isRoute, routeMethods } from './calls.ts'
import { holderOf, isSameHolder } from './holders.ts'
import { STARTS } from './instance-bodies.ts'
import { isFluent } from './instance-holders.ts'
import { callsOfMethod, type Instance, survey, withAliases } from './instances.ts'
import { originOf, requiredModule } from './origins.ts'
import { bare, declarationOf } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'
import type { Exported } from './targets.ts'

/** What a file uses as an instance and imports from another module, which tells whether it is one. */
export interface ImportedInstance extends Instance {
  readonly origin: Exported
}

/** What is called on an instance, beside what adds routes. */
const METHODS = ['register', 'addHook', ...STARTS]

// A name may stand for another one; longer chains are nobody's way to name an instance.
const DEPTH = 5

/** Finds what is imported or required and used as an instance: by what is called on it, or by being handed on. */
export function importedInstances(source: Source): readonly ImportedInstance[] {
  const found: ImportedInstance[] = []
  const add = (expression: ts.Expression): void => {
    const name = importedName(expression)
    const origin = name && originOf(name)
    const node = name && baseOf(name)
    const declaration = node && declarationOf(node)
    if (name === undefined || origin === undefined || declaration === undefined) return
    const holder = holderOf(name)
    if (found.some(({ holders: [first] }) => first && isSameHolder(first, holder))) return
    const label = name.getText(source.file)
    const holders = [...withAliases(source, [holder])]
    const builds = [declaration]
    found.push({ label, expression: label, isField: false, holders, builds, origin })
  }
  for (const root of rootsOf(source)) add(root)
  for (const argument of handedNames(source)) add(argument)
  return found
}

/** One argument of calls for each imported name that is one: of a long file most are other names. */
function handedNames(source: Source): Iterable<ts.Expression> {
  const names = importedNames(source)
  const handed = new Map<string, ts.Expression>()
  for (const { arguments: list } of [...survey(source).calls.values()].flat()) {
    for (const argument of list) {
      const base = baseOf(argument)
      if (base === undefined || !names.has(base.text)) continue
      const text = argument.getText(source.file)
      if (!handed.has(text) && originOf(argument) !== undefined) handed.set(text, argument)
    }
  }
  return handed.values()
}

/** The names that a file gives to what it imports or requires, wherever it does. */
function importedNames(source: Source): ReadonlySet<string> {
  const { isVariableDeclaration } = typescript()
  const required = survey(source).kept.flatMap((node) =>
    isVariableDeclaration(node) && node.initializer && isRequired(node.initializer) ? node : [],
  )
  return new Set([...allImports(source), ...required].flatMap(namesIn))
}

/** `require('./app')`, `require('./app').app`, `await import('./app.js')`. */
function isRequired(expression: ts.Expression): boolean {
  const node = bare(expression)
  if (requiredModule(node) !== undefined) return true
  return typescript().isPropertyAccessExpression(node) && isRequired(node.expression)
}

/** The names in a declaration, but for those that it only takes from a module. */
function namesIn(node: ts.Node): readonly string[] {
  const { forEachChild, isIdentifier, isExpression } = typescript()
  const names: string[] = []
  const { name } = node as { name?: ts.Node }
  if (name !== undefined && isIdentifier(name)) names.push(name.text)
  forEachChild(node, (child) => {
    if (!isExpression(child)) names.push(...namesIn(child))
  })
  return names
}

/** What the methods of an instance are called on. */
function rootsOf(source: Source): readonly ts.Expression[] {
  const called = METHODS.flatMap((method) => callsOfMethod(source, method)).map(callOf)
  const routes = routeMethods
    .flatMap((method) => callsOfMethod(source, method))
    .map(callOf)
    .filter((call) => call !== undefined && isRoute(call))
  return [...called, ...routes].flatMap((call) => call?.root ?? [])
}

/** The imported name that an expression is, or is another name of. */
function importedName(expression: ts.Expression, depth = DEPTH): ts.Expression | undefined {
  const { isIdentifier, isVariableDeclaration } = typescript()
  if (depth === 0 || !isFluent(expression)) return undefined
  const root = chainRoot(expression)
  const declaration = isIdentifier(root) ? declarationOf(root) : undefined
  const isAlias = declaration !== undefined && isVariableDeclaration(declaration)
  const whole = isAlias ? declaration.initializer : undefined
  const outer = whole && importedName(whole, depth - 1)
  return outer ?? (baseOf(root) !== undefined && originOf(root) !== undefined ? root : undefined)
}

/** The name that an expression begins with: `core` in `core.app`. */
function baseOf(expression: ts.Expression): ts.Identifier | undefined {
  const { isIdentifier, isPropertyAccessExpression } = typescript()
  const node = bare(expression)
  if (isPropertyAccessExpression(node)) return baseOf(node.expression)
  return isIdentifier(node) ? node : undefined
}

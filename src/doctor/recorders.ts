import { join } from 'node:path'
import { programOf, type ts, typescript } from '../edits/compiler.ts'
import type { Finding } from './finding.ts'

/** A metric in a call of `defineMetrics`, by its name in the code. */
interface Definition {
  readonly property: ts.PropertyAssignment
  readonly metric: string
  readonly key: string
}

/**
 * Every metric that the code defines is also recorded somewhere: a property of what
 * `app.metrics.of(…)` gives is used. Types are asked, so that equal names can't be mistaken.
 *
 * @param root of the project
 * @param files its source files, from the root
 */
export async function checkRecorders(
  root: string,
  files: readonly string[],
): Promise<readonly Finding[]> {
  const program = await programOf(root, files)
  // The checker also links every node with its parent.
  const checker = program.getTypeChecker()
  const sources = files.flatMap((file) => program.getSourceFile(join(root, file)) ?? [])
  const definitions = sources.flatMap((source) => definitionsIn(source))
  if (definitions.length === 0) return []
  const used = usedProperties(sources, checker)
  return definitions
    .filter(({ property }) => !used.has(property))
    .map(({ property, metric, key }): Finding => {
      const source = property.getSourceFile()
      const { line } = source.getLineAndCharacterOfPosition(property.getStart())
      const path = source.fileName.slice(root.length + 1)
      return {
        check: 'recorders',
        level: 'fault',
        where: `${path}:${line + 1}`,
        message: `no code records ${metric} (\`${key}\`)`,
        hint: 'Record it where it happens, or remove it with the alerts and panels that use it.',
      }
    })
}

function definitionsIn(source: ts.SourceFile): readonly Definition[] {
  const { isCallExpression, isIdentifier, isObjectLiteralExpression, isPropertyAssignment } =
    typescript()
  const found: Definition[] = []
  visit(source, (node) => {
    if (!isCallExpression(node) || !isIdentifier(node.expression)) return
    const table = node.arguments.at(-1)
    if (node.expression.text !== 'defineMetrics' || table === undefined) return
    if (!isObjectLiteralExpression(table)) return
    for (const property of table.properties) {
      if (!isPropertyAssignment(property) || !isCallExpression(property.initializer)) continue
      const [name] = property.initializer.arguments
      const metric = name === undefined ? '' : name.getText().slice(1, -1)
      found.push({ property, metric, key: property.name.getText() })
    }
  })
  return found
}

/** The declarations of all properties that are read, other than through `definitions`. */
function usedProperties(
  sources: readonly ts.SourceFile[],
  checker: ts.TypeChecker,
): ReadonlySet<ts.Node> {
  const { isBindingElement, isElementAccessExpression, isIdentifier, isPropertyAccessExpression } =
    typescript()
  const used = new Set<ts.Node>()
  const use = (symbol: ts.Symbol | undefined) => {
    for (const declaration of symbol?.declarations ?? []) used.add(declaration)
  }
  const names = new Map<ts.Symbol, number>()
  const bound: { readonly property: ts.Symbol | undefined; readonly local: ts.Symbol }[] = []
  for (const source of sources) {
    visit(source, (node) => {
      if (isPropertyAccessExpression(node)) {
        const { expression } = node
        const isTable =
          isPropertyAccessExpression(expression) && expression.name.text === 'definitions'
        if (!isTable) use(checker.getSymbolAtLocation(node.name))
      }
      if (isElementAccessExpression(node)) {
        const from = checker.getTypeAtLocation(node.expression)
        const index = checker.getTypeAtLocation(node.argumentExpression)
        for (const key of index.isUnion() ? index.types : [index]) {
          if (key.isStringLiteral()) use(from.getProperty(key.value))
        }
      }
      if (isIdentifier(node)) {
        const symbol = checker.getSymbolAtLocation(node)
        if (symbol !== undefined) names.set(symbol, (names.get(symbol) ?? 0) + 1)
      }
      if (isBindingElement(node) && isIdentifier(node.name)) {
        const key = node.propertyName ?? node.name
        const local = checker.getSymbolAtLocation(node.name)
        const from = checker.getTypeAtLocation(node.parent)
        if (local !== undefined && isIdentifier(key)) {
          bound.push({ property: from.getProperty(key.text), local })
        }
      }
    })
  }
  // Taking a recorder out of an object is no use of it; the variable must be used.
  for (const { property, local } of bound) if ((names.get(local) ?? 0) > 1) use(property)
  return used
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node)
  typescript().forEachChild(node, (child) => visit(child, see))
}

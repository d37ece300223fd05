import type { ts } from 'ts-morph'
import { chainRoot } from './calls.ts'
import { isHeld } from './holders.ts'
import { callsOfMethod, survey } from './instances.ts'
import { lineNumber } from './lines.ts'
import { isOwnModule, type Origin, originOf } from './origins.ts'
import { bare, declarationOf } from './scopes.ts'
import { parse, type Source, typescript } from './source-file.ts'

/** The schemas that a compiler takes: `any` ignores them, of `unknown` nothing can be said. */
export type Understood = 'json' | 'typebox' | 'zod' | 'any' | 'unknown'

/** A place where a validator or a serializer is set. */
export interface CompilerSetting {
  readonly part: 'validator' | 'serializer'
  readonly takes: Understood
  /** The module of the project that the compiler comes from, if it isn't known for that. */
  readonly from?: string
  /** One-based. */
  readonly line: number
  /** The plugin in which alone it holds, empty for one without a name; undefined for the whole app. */
  readonly within?: string
}

/** Which schemas the compilers of a package take. */
const packages: readonly (readonly [RegExp, Understood])[] = [
  [/^(@[\w-]+\/)?fastify-type-provider-zod$|^fastify-zod-openapi$/, 'zod'],
  [/^@fastify\/type-provider-typebox$/, 'typebox'],
  [/^@fastify\/(ajv|fast-json-stringify)-compiler\b|^ajv(\/|$)|^fast-json-stringify$/, 'json'],
]

/** Whether a text may set a compiler; parsing all others would be for nothing. */
export function maySetCompiler(text: string): boolean {
  return /\bset(Validator|Serializer)Compiler\b|\bcompilersFactory\b/.test(text)
}

/** Finds where a file sets a validator or a serializer, by its syntax alone. */
export function compilerSettings(path: string, text: string): readonly CompilerSetting[] {
  const source = parse({ path, text: text.replace(/^\uFEFF/, '') })
  const parts = { validator: 'setValidatorCompiler', serializer: 'setSerializerCompiler' } as const
  return (['validator', 'serializer'] as const).flatMap((part) => [
    ...callsOfMethod(source, parts[part]).flatMap((call) => ofCall(source, part, call) ?? []),
    ...inOptions(source, part),
  ])
}

function ofCall(
  source: Source,
  part: CompilerSetting['part'],
  call: ts.CallExpression,
): CompilerSetting | undefined {
  const { isPropertyAccessExpression } = typescript()
  const { expression: callee, arguments: list } = call
  const [compiler] = list
  if (compiler === undefined || !isPropertyAccessExpression(callee)) return undefined
  const within = scopeOf(source, callee.expression)
  return {
    part,
    ...understood(source, part, compiler),
    line: lineNumber(source.text, callee.name.getStart(source.file)),
    ...(within === undefined ? {} : { within }),
  }
}

/** `Fastify({ schemaController: { compilersFactory: { buildValidator } } })`. */
function inOptions(source: Source, part: CompilerSetting['part']): readonly CompilerSetting[] {
  const t = typescript()
  const wanted = part === 'validator' ? 'buildValidator' : 'buildSerializer'
  const found: CompilerSetting[] = []
  const visit = (node: ts.Node): void => {
    const isProperty = t.isPropertyAssignment(node) || t.isShorthandPropertyAssignment(node)
    if (isProperty && t.isIdentifier(node.name) && node.name.text === wanted) {
      const value = t.isPropertyAssignment(node) ? node.initializer : node.name
      const line = lineNumber(source.text, node.getStart(source.file))
      found.push({ part, ...understood(source, part, value), line })
    }
    t.forEachChild(node, visit)
  }
  if (source.text.includes('compilersFactory')) visit(source.file)
  return found
}

/** The plugin to which a setting on an instance is confined. */
function scopeOf(source: Source, receiver: ts.Expression): string | undefined {
  const { instances } = survey(source)
  if (instances.some(({ holders }) => isHeld(holders, receiver))) return undefined
  const plugin = parameterOf(receiver)?.parent
  return plugin === undefined || isShared(source, plugin) ? undefined : (nameOf(plugin) ?? '')
}

/** The parameter that an expression stands for, also through `const typed = app.withTypeProvider()`. */
function parameterOf(expression: ts.Expression, depth = 5): ts.ParameterDeclaration | undefined {
  const t = typescript()
  const root = chainRoot(expression)
  const declared = t.isIdentifier(root) ? declarationOf(root) : undefined
  if (declared === undefined || depth === 0) return undefined
  if (t.isParameter(declared)) return declared
  const isAlias = t.isVariableDeclaration(declared) && declared.initializer !== undefined
  return isAlias && declared.initializer ? parameterOf(declared.initializer, depth - 1) : undefined
}

/** Whether what a plugin sets holds in the instance that registers it. */
function isShared(source: Source, plugin: ts.Node): boolean {
  const t = typescript()
  const name = nameOf(plugin)
  const isWrapper = ({ expression, arguments: [first] }: ts.CallExpression) => {
    if (originOf(expression)?.from !== 'fastify-plugin' || first === undefined) return false
    const wrapped = bare(first)
    return wrapped === plugin || (t.isIdentifier(wrapped) && wrapped.text === name)
  }
  const calls = [...survey(source).calls.values()].flat()
  return calls.some(isWrapper) || source.text.includes('skip-override')
}

function nameOf(fn: ts.Node): string | undefined {
  const t = typescript()
  const own = (fn as { name?: ts.Node }).name
  if (own !== undefined && t.isIdentifier(own)) return own.text
  const { parent } = fn
  return t.isVariableDeclaration(parent) && t.isIdentifier(parent.name)
    ? parent.name.text
    : undefined
}

/** What a compiler takes, by where it comes from or by what it calls. */
function understood(
  source: Source,
  part: CompilerSetting['part'],
  compiler: ts.Expression,
): Pick<CompilerSetting, 'takes' | 'from'> {
  const origins = originsIn(compiler)
  const known = new Set(origins.flatMap(({ from }) => takenBy(from) ?? []))
  const [takes] = known
  if (takes !== undefined && known.size === 1) return { takes }
  const own = origins.find(({ from }) => isOwnModule(from) || takenBy(from) === undefined)?.from
  if (known.size === 0 && own !== undefined) return { takes: 'unknown', from: own }
  const isStringify = part === 'serializer' && /JSON\.stringify/.test(wholeOf(source, compiler))
  return { takes: known.size === 0 && isStringify ? 'any' : 'unknown' }
}

/** Which schemas the compilers of a package take; undefined for one that has none. */
export function takenBy(name: string): Understood | undefined {
  return packages.find(([pattern]) => pattern.test(name))?.[1]
}

/** The modules of everything that an expression, or the function that it names, refers to. */
function originsIn(expression: ts.Expression): readonly Origin[] {
  const t = typescript()
  const found: Origin[] = []
  const seen = new Set<ts.Node>()
  const visit = (node: ts.Node): void => {
    if (t.isIdentifier(node)) add(node)
    t.forEachChild(node, visit)
  }
  const add = (name: ts.Identifier): void => {
    const origin = originOf(name)
    if (origin !== undefined) found.push(origin)
    const declared = origin === undefined ? declarationOf(name) : undefined
    if (declared === undefined || t.isParameter(declared) || seen.has(declared)) return
    seen.add(declared)
    if (t.isFunctionDeclaration(declared)) visit(declared)
    else if (t.isVariableDeclaration(declared) && declared.initializer) visit(declared.initializer)
  }
  visit(expression)
  return found
}

/** The text of an expression, or of the function that it names. */
function wholeOf({ file }: Source, expression: ts.Expression): string {
  const { isIdentifier } = typescript()
  const node = bare(expression)
  const declared = isIdentifier(node) ? declarationOf(node) : undefined
  return (declared ?? node).getText(file)
}

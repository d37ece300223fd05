import type { ts } from 'ts-morph'
import { chainRoot } from './calls.ts'
import type { FunctionBody } from './functions.ts'
import type { Holder } from './holders.ts'
import { type Body, callsOn, homeOf, statementOf } from './instance-bodies.ts'
import { type Instance, withAliases } from './instances.ts'
import { type Source, typescript } from './source-file.ts'

/** Where a statement goes: the list of statements, and what it is called on. */
export interface Spot {
  readonly body: Body
  /** What messages point at. */
  readonly at: ts.Node
  /** What holds the instance; empty for calls of plain functions. */
  readonly holders: readonly Holder[]
  /** The instance as it is written here; undefined for calls of plain functions. */
  readonly expression: string | undefined
  /** The calls that build the instance; nothing may go above them. */
  readonly builds: readonly ts.Node[]
}

/** The spot of an instance that the file builds; undefined if there are no braces to put it in. */
export function instanceSpot(
  source: Source,
  instance: Instance,
  isEarly = false,
): Spot | undefined {
  const { holders, builds, expression } = instance
  const body = homeOf(source, instance, isEarly)
  const [at] = builds
  if (body === undefined || at === undefined) return undefined
  const written = writtenIn(source, body, holders) ?? expression
  return { body, at, holders, expression: written, builds }
}

/** What the last registration of a body is called on: that name is visible there. */
function writtenIn(source: Source, body: Body, holders: readonly Holder[]): string | undefined {
  const { isIdentifier, isPropertyAccessExpression } = typescript()
  const last = callsOn(source, holders)
    .filter((call) => body.pos <= call.pos && call.end <= body.end && statementOf(call))
    .at(-1)
  const root = last && chainRoot(last)
  if (root === undefined) return undefined
  const isName = isIdentifier(root) || isPropertyAccessExpression(root)
  return isName ? root.getText(source.file) : undefined
}

/** The spot of a function that is handed the instance. */
export function parameterSpot(
  source: Source,
  { node, block }: FunctionBody,
  parameter: ts.ParameterDeclaration & { readonly name: ts.Identifier },
): Spot {
  return givenSpot(source, { node, block }, { node: parameter }, parameter.name.text)
}

/** The same where the instance is a part of what the function is given. */
export function givenSpot(
  source: Source,
  { node, block }: FunctionBody,
  holder: Holder,
  expression: string,
): Spot {
  const holders = withAliases(source, [holder])
  return { body: block, at: node, holders, expression, builds: [] }
}

import type { ts } from 'ts-morph'
import type { EnsureStatement } from '../model/op.ts'
import type { StatementCall } from './calls.ts'
import type { FunctionBody } from './functions.ts'
import { isSameHolder } from './holders.ts'
import { importedInstances } from './imported-instances.ts'
import { callsOn, STARTS } from './instance-bodies.ts'
import { type Instance, survey } from './instances.ts'
import { isNamedParameter, typedParameter, usedInstance } from './parameters.ts'
import { candidate, type Refused, refused } from './refuse.ts'
import { declarationIn, unitOf } from './scopes.ts'
import { type Source, typescript } from './source-file.ts'
import { givenSpot, instanceSpot, parameterSpot, type Spot } from './spots.ts'

/**
 * The spot in a function that was asked for by its name. What the statement is called on is, in
 * this order, what has that name in the function, its parameter of type FastifyInstance, the
 * instance that it builds, what has that name in the file, the only instance that the file builds
 * or the function uses of another module, or the function's first parameter.
 */
export function functionSpot(
  source: Source,
  fn: FunctionBody,
  op: EnsureStatement,
  { root }: StatementCall,
): Spot | Refused {
  const { isIdentifier } = typescript()
  const { node, block } = fn
  const plain: Spot = {
    body: block,
    at: node,
    holders: [],
    expression: undefined,
    builds: [],
  }
  if (root === undefined || !isIdentifier(root)) return plain
  const { instances } = survey(source)
  const built = instances.filter(({ builds }) =>
    builds.some((build) => node.pos <= build.pos && build.end <= node.end),
  )
  const namesake = built.find(({ label }) => label === root.text)
  const parameters = node.parameters.filter(isNamedParameter)
  const own = parameters.find(({ name }) => name.text === root.text) ?? typedParameter(source, node)
  const [only, other] = namesake ? [namesake] : own ? [] : built
  if (other !== undefined) {
    const places = built.map(({ builds: [at = node], label }) => {
      return `${candidate(source, at.getStart(source.file))} ${label}`
    })
    const message = `The function "${op.within}" builds ${built.length} Fastify instances.`
    const at = node.getStart(source.file)
    return refused(source, 'AMBIGUOUS', { message, at, snippet: op.statement, candidates: places })
  }
  const home = only && instanceSpot(source, only)
  if (home !== undefined) return home
  if (own !== undefined) return parameterSpot(source, fn, own)
  const used = usedInstance(source, node)
  if (used !== undefined) return givenSpot(source, fn, used.holder, used.expression)
  const declaration = declarationIn(block, root.text)
  if (declaration !== undefined) {
    const holder = { node: declaration }
    const known = instances.find(({ holders }) => holders.some((one) => isSameHolder(one, holder)))
    return { ...plain, holders: known?.holders ?? [holder], expression: root.text }
  }
  const ofFile = instances.filter(({ isField, holders: [first] }) => {
    return !isField && first !== undefined && unitOf(first.node) === source.file
  })
  const [shared, ...rest] = [...ofFile, ...importedInto(source, node)]
  if (shared !== undefined && rest.length === 0) {
    return { ...plain, holders: shared.holders, expression: shared.expression }
  }
  const [first] = node.parameters
  if (first !== undefined && isNamedParameter(first)) return parameterSpot(source, fn, first)
  const message = `The function "${op.within}" has no "${root.text}" to call this on.`
  const at = node.getStart(source.file)
  return refused(source, 'NO_ANCHOR', { message, at, snippet: op.statement })
}

/** The instances of other modules that a function registers on, or lets listen. */
function importedInto(source: Source, { pos, end }: ts.Node): readonly Instance[] {
  const isInside = (call: ts.Node) => pos <= call.pos && call.end <= end
  return importedInstances(source).filter(({ holders }) =>
    ['register', ...STARTS].some((method) => callsOn(source, holders, method).some(isInside)),
  )
}

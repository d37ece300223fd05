import type { ts } from 'ts-morph'
import { chainRoot } from './calls.ts'
import { type Flow, flowOf } from './flow.ts'
import { holderOf, isSameHolder } from './holders.ts'
import { importedInstances } from './imported-instances.ts'
import { callsOn, STARTER, STARTS } from './instance-bodies.ts'
import { survey } from './instances.ts'
import { originOf } from './origins.ts'
import { bare } from './scopes.ts'
import { describedSite, type FastifySite } from './sites.ts'
import { parse, type Source, typescript } from './source-file.ts'
import { type Exported, exportNamed, starExports } from './targets.ts'

/** An instance under an exported name: the file builds it, or another module has it, or one of several does. */
export type SharedInstance =
  /** Its index among the instances of `fastifySites`; undefined if no variable holds it. */
  | { readonly kind: 'built'; readonly index: number | undefined }
  | { readonly kind: 'elsewhere'; readonly from: readonly Exported[] }

/** What a file does with an instance of another module. */
export interface SharedUse {
  readonly site: FastifySite
  readonly flow: Flow
  /** Whether it listens or gets ready there, or is handed to a function that is called so. */
  readonly starts: boolean
}

/** The instance that a file exports under a name, or where to look on. */
export function sharedInstance(
  path: string,
  text: string,
  imported: string,
): SharedInstance | undefined {
  const source = sourceOf(path, text)
  const target = exportNamed(source, imported)
  if (target === undefined) {
    const from = starExports(source).map((one) => ({ from: one, imported }))
    return from.length === 0 ? undefined : { kind: 'elsewhere', from }
  }
  return 'from' in target ? { kind: 'elsewhere', from: [target] } : builtAs(source, target.node)
}

function builtAs(source: Source, node: ts.Node): SharedInstance | undefined {
  const { isExpression, isVariableDeclaration } = typescript()
  const { instances, loose } = survey(source)
  const isDeclared = isVariableDeclaration(node)
  const value = isDeclared ? node.initializer : isExpression(node) ? node : undefined
  const root = value && chainRoot(value)
  if (loose.some((build) => build === root)) return { kind: 'built', index: undefined }
  const holder = isDeclared ? { node } : value && holderOf(value)
  const index = instances.findIndex(({ holders }) =>
    holders.some((one) => holder !== undefined && isSameHolder(one, holder)),
  )
  if (index !== -1) return { kind: 'built', index }
  const origin = value && originOf(bare(value))
  return origin && { kind: 'elsewhere', from: [origin] }
}

/** What a file does with what it imports and calls so. */
export function sharedUse(path: string, text: string, name: string): SharedUse | undefined {
  const source = sourceOf(path, text)
  const instance = importedInstances(source).find(({ label }) => label === name)
  if (instance === undefined) return undefined
  const { holders, builds } = instance
  const flow = flowOf(source, holders)
  const isHandedToStarter = flow.steps.some(
    ({ by, label }) => by === 'call' && STARTER.test(label.replace(/^.*\./, '')),
  )
  return {
    site: { ...describedSite(source, builds[0], holders), name, kind: 'imported' },
    flow,
    starts: isHandedToStarter || STARTS.some((method) => callsOn(source, holders, method)[0]),
  }
}

function sourceOf(path: string, text: string): Source {
  return parse({ path, text: text.replace(/^\uFEFF/, '') })
}

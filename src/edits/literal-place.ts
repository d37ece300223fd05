import type { ts } from 'ts-morph'
import type { Order } from '../model/op.ts'
import type { Literal } from './literals.ts'
import { isOwnPlugin } from './own-plugins.ts'
import { type Place, placeInOrder } from './rank.ts'
import { type Refused, refused } from './refuse.ts'
import type { Source } from './source-file.ts'

interface Entry<T> {
  readonly order: Order
  /** The name or key of ours. */
  readonly name: string
  /** The text of ours. */
  readonly snippet: string
  nameOf(node: T): string | undefined
  /** What may be a plugin of the project. */
  pluginOf(node: T): ts.Expression | undefined
}

/** Finds the neighbour that the order of an op asks for; undefined is the end. */
export function placeAmong<T extends ts.Node>(
  source: Source,
  literal: Literal,
  neighbours: readonly T[],
  { order, name, snippet, nameOf, pluginOf }: Entry<T>,
): { readonly place: Place<T> } | Refused {
  if (typeof order === 'object' && 'beforeOwn' in order) {
    const before = neighbours.find((node) => {
      const value = pluginOf(node)
      return (
        value !== undefined &&
        isOwnPlugin(value, order.own) &&
        !order.beforeOwn.includes(nameOf(node) ?? '')
      )
    })
    return { place: before === undefined ? undefined : { before } }
  }
  const place = placeInOrder(neighbours, nameOf, order, name)
  if (place === undefined || !('missing' in place)) return { place }
  const message = `"${place.missing}" is not in here.`
  const candidates = neighbours.flatMap((node) => nameOf(node) ?? [])
  const at = literal.getStart(source.file)
  return refused(source, 'NO_ANCHOR', { message, at, snippet, candidates })
}

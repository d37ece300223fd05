import type { Order } from '../model/op.ts'
import { compareNatural } from './collation.ts'

/** Where a new entry goes among its neighbours; undefined if none of them is comparable. */
export type Place<T> = { readonly behind: T } | { readonly before: T } | undefined

/**
 * Behind the last neighbour that precedes ours, else before the first that follows. Because only
 * pairs are compared, the outcome is the same in whatever order entries of ours come in, also
 * among neighbours that are not sorted themselves.
 *
 * @param compare below or equal to zero if the neighbour precedes ours, above zero if it follows,
 *   undefined if it is none of our business
 */
export function placeByRank<T>(
  neighbours: readonly T[],
  compare: (neighbour: T) => number | undefined,
): Place<T> {
  let follower: T | undefined
  for (const neighbour of neighbours.toReversed()) {
    const rank = compare(neighbour)
    if (rank === undefined) continue
    if (rank <= 0) return { behind: neighbour }
    follower = neighbour
  }
  return follower === undefined ? undefined : { before: follower }
}

// `Array.isArray` alone does not tell a readonly list from the other forms.
function isRanking(order: Exclude<Order, string>): order is readonly string[] {
  return Array.isArray(order)
}

/** Compares two names in an order; undefined if one of them has no rank in it. */
export function compareInOrder(order: Order, a: string, b: string): number | undefined {
  if (order === 'by-name') return compareNatural(a, b)
  if (typeof order === 'string' || !isRanking(order)) return undefined
  const [rankA, rankB] = [order.indexOf(a), order.indexOf(b)]
  return rankA === -1 || rankB === -1 ? undefined : rankA - rankB
}

/**
 * Where an entry goes in an order; without a place it goes behind all others.
 *
 * @returns `missing` if the order names a neighbour that is not there
 */
export function placeInOrder<T>(
  neighbours: readonly T[],
  nameOf: (neighbour: T) => string | undefined,
  order: Order,
  name: string,
): Place<T> | { readonly missing: string } {
  if (typeof order !== 'string' && !isRanking(order) && !('beforeOwn' in order)) {
    const wanted = 'after' in order ? order.after : order.before
    const found = neighbours.find((neighbour) => nameOf(neighbour) === wanted)
    if (found === undefined) return { missing: wanted }
    return 'after' in order ? { behind: found } : { before: found }
  }
  return placeByRank(neighbours, (neighbour) => {
    const known = nameOf(neighbour)
    return known === undefined ? undefined : compareInOrder(order, known, name)
  })
}

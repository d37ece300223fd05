import type { Prefix } from '../edits/flow.ts'
import type { Place } from '../model/place.ts'
import type { Branch } from './flow.ts'
import type { Root } from './roots.ts'

/** The prefixes that come together before the routes of a place. */
export type Mounted = Pick<Place, 'prefix' | 'unknownPrefix'>

/**
 * What is put before the routes of a function, or of all that a file has, by who registers it; nothing
 * where it cannot be reached, or is registered in several ways.
 *
 * @param name the function, as `within` takes it
 */
export function mountedBy(roots: readonly Root[], path: string, name?: string): Mounted {
  const ways = roots.flatMap(({ branches }) => branches.flatMap((one) => waysTo(one, path, name)))
  const found = [...new Map(ways.map((way) => [JSON.stringify(way), joined(way)])).values()]
  return found.length === 1 ? (found[0] ?? {}) : {}
}

/** One prefix below another, as Fastify puts them together: a slash at the end does not count. */
export function joined(prefixes: readonly Prefix[]): Mounted {
  const unknown = prefixes.filter(({ text }) => text === undefined).map(({ written }) => written)
  if (unknown.length > 0) return { unknownPrefix: unknown.join(', then ') }
  const path = prefixes.map(({ text = '' }) => text.replace(/\/+$/, '')).join('')
  return path === '' ? {} : { prefix: path }
}

function waysTo(branch: Branch, path: string, name: string | undefined): readonly Prefix[][] {
  const { spot, prefix, branches } = branch
  const isHere = spot?.source.path === path && (name === undefined || spot.name === name)
  const below = branches.flatMap((one) => waysTo(one, path, name))
  const ways = isHere ? [[], ...below] : below
  return ways.map((way) => [...(prefix === undefined ? [] : [prefix]), ...way])
}

import type { ApplyResult } from '../model/edit-result.ts'
import type { EnsureJson, EnsureJsonItems, Json } from '../model/op.ts'
import { insertItems, type List } from './json-items.ts'
import { compareKeys } from './json-order.ts'
import { placeByRank } from './rank.ts'
import type { Target } from './refuse.ts'

type Members = { readonly [key: string]: Json }

/** A property of a package.json that is written as npm writes it. */
export function propertyFresh(
  { path: file, text }: Target,
  op: EnsureJson,
): ApplyResult | undefined {
  const { path, value } = op
  const root = file === 'package.json' ? (JSON.parse(text) as Members) : {}
  if (printed(root) !== text) return undefined
  const found = valueAt(root, path)
  if (found !== undefined) {
    return JSON.stringify(found) === JSON.stringify(value) ? { state: 'present' } : undefined
  }
  const head = `${JSON.stringify(path.at(-1))}: `
  const chunk =
    head + JSON.stringify(value, null, 2).replaceAll('\n', `\n${'  '.repeat(path.length)}`)
  return { state: 'applied', text: printed(withProperty(root, path, value)), chunk }
}

function printed(root: Members): string {
  return `${JSON.stringify(root, null, 2)}\n`
}

/** What stands at a path, or in its way. */
function valueAt(members: Members, [key = '', ...rest]: readonly string[]): Json | undefined {
  const found = members[key]
  return rest.length > 0 && isMembers(found) ? valueAt(found, rest) : found
}

function isMembers(value: Json | undefined): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function withProperty(
  members: Members,
  [key = '', ...rest]: readonly string[],
  value: Json,
  above: readonly string[] = [],
): Members {
  const inside = members[key]
  const own = isMembers(inside) ? inside : {}
  const ours = rest.length === 0 ? value : withProperty(own, rest, value, [...above, key])
  if (inside !== undefined) return { ...members, [key]: ours }
  const keys = Object.keys(members)
  const place = placeByRank(keys, (other) => compareKeys('package.json', above, other, key))
  const behind = place === undefined ? keys.at(-1) : 'behind' in place ? place.behind : undefined
  const at = behind === undefined ? 0 : keys.indexOf(behind) + 1
  return Object.fromEntries(Object.entries(members).toSpliced(at, 0, [key, ours]))
}

/** Objects in a list at the top of a file, in which each begins and ends on a line of its own. */
export function itemsFresh(target: Target, op: EnsureJsonItems): ApplyResult | undefined {
  const [key] = op.path
  const list = op.path.length === 1 ? listAt(target.text, `  "${key}": [\n`, op.sortBy) : undefined
  return list && insertItems(target, op, list)
}

function listAt(text: string, head: string, sortBy: string): List | undefined {
  const top = text.indexOf(`\n${head}`)
  if (top === -1) return undefined
  const start = top + 1 + head.length
  const end = text.indexOf('\n  ]', start)
  const rank = new RegExp(`^ {6}"${sortBy}": (\\d+),?$`, 'm')
  const found = text.slice(start, end + 1).matchAll(/(?<=^ {4})\{\n[\s\S]*?^ {4}\}/gm)
  const items = [...found].map(({ index, 0: item }) => {
    const number = rank.exec(item)?.[1]
    return {
      offset: start + index,
      length: item.length,
      rank: number === undefined ? undefined : Number(number),
    }
  })
  return { offset: start - '[\n'.length, items }
}

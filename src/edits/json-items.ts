import type { Node } from 'jsonc-parser'
import type { ApplyResult, RevokeResult } from '../model/edit-result.ts'
import type { EnsureJsonItems, Json } from '../model/op.ts'
import { printJson } from './json-print.ts'
import { isSameJson, jsonOf, member, parseJson } from './json-tree.ts'
import { eolAt, indentAt, indentUnit } from './lines.ts'
import { placeByRank } from './rank.ts'
import { type Refused, refused, type Target } from './refuse.ts'
import { cut, spliced } from './splice.ts'

/** A list as far as its place in the text matters. */
export interface List {
  /** Of its bracket. */
  readonly offset: number
  readonly items: readonly Item[]
}

export interface Item {
  readonly offset: number
  readonly length: number
  /** The number that it is sorted by; nothing for what is none of ours. */
  readonly rank: number | undefined
}

function rankOf(item: Node, key: string): number | undefined {
  const rank = item.type === 'object' ? member(item, key)?.children?.[1]?.value : undefined
  return typeof rank === 'number' ? rank : undefined
}

/** The array that an op names, or why there is none. */
function arrayOf(target: Target, { path, block }: EnsureJsonItems): Node | Refused {
  const root = parseJson(target, block)
  if ('state' in root) return root
  let node: Node | undefined = root
  for (const key of path) {
    node = node?.type === 'object' ? member(node, key)?.children?.[1] : undefined
  }
  if (node?.type === 'array') return node
  const message = `${path.join('.')} isn't a list.`
  return refused(target, 'NO_ANCHOR', { message, at: node?.offset ?? 0, snippet: block })
}

/** Adds objects that belong together to a list that is sorted by a number in each of them. */
export function applyJsonItems(target: Target, op: EnsureJsonItems): ApplyResult {
  const array = arrayOf(target, op)
  if ('state' in array) return array
  const items = (array.children ?? []).map((item) => ({
    offset: item.offset,
    length: item.length,
    rank: rankOf(item, op.sortBy),
  }))
  return insertItems(target, op, { offset: array.offset, items })
}

/** The same where it is known what is in the list. */
export function insertItems({ text }: Target, op: EnsureJsonItems, list: List): ApplyResult {
  const items = JSON.parse(op.block) as { readonly [key: string]: Json }[]
  const first = items[0]?.[op.sortBy]
  if (typeof first !== 'number')
    throw new Error(`${op.entry}: the items have no number "${op.sortBy}"`)
  const present = list.items
  if (present.some(({ rank }) => rank === first)) return { state: 'present' }
  const place = placeByRank(present, ({ rank }) => (rank === undefined ? undefined : rank - first))
  const next = place !== undefined && 'before' in place ? place.before : undefined
  const behind = place !== undefined && 'behind' in place ? place.behind : present.at(-1)
  const outer = indentAt(text, list.offset)
  const beside = next ?? behind
  const indent = beside === undefined ? outer + indentUnit(text) : indentAt(text, beside.offset)
  const eol = eolAt(text, list.offset)
  const style = { eol, indent, unit: indentUnit(text), wide: false, taken: 1 }
  const chunk = items.map((item) => printJson(item, style)).join(`,${eol}${indent}`)
  const gap = eol + indent
  const splice =
    next !== undefined
      ? { at: next.offset, text: `${chunk},${gap}` }
      : behind !== undefined
        ? { at: behind.offset + behind.length, text: `,${gap}${chunk}` }
        : { at: list.offset + 1, text: `${gap}${chunk}${eol}${outer}` }
  return { state: 'applied', text: spliced(text, splice), chunk }
}

/** Takes the objects out, found by their numbers. Those that were changed or parted are left. */
export function revokeJsonItems(target: Target, op: EnsureJsonItems, chunk: string): RevokeResult {
  const array = arrayOf(target, { ...op, block: chunk })
  if ('state' in array) return array
  const items = JSON.parse(`[${chunk}]`) as { readonly [key: string]: Json }[]
  const present = array.children ?? []
  const ranks = new Set(items.map((item) => item[op.sortBy]))
  const start = present.findIndex((item) => ranks.has(rankOf(item, op.sortBy) ?? null))
  if (start === -1) return { state: 'absent' }
  const ours = present.slice(start, start + items.length)
  if (!isSameJson(ours.map(jsonOf), items as Json)) {
    const message = `"${op.entry}" in ${op.path.join('.')} was changed since.`
    return refused(target, 'DRIFT', { message, at: present[start]?.offset ?? 0, snippet: chunk })
  }
  const [first, last] = [ours[0] as Node, ours.at(-1) as Node]
  const end = last.offset + last.length
  const before = present[start - 1]
  const after = present[start + items.length]
  const stretch =
    after !== undefined
      ? { start: first.offset, end: after.offset }
      : before !== undefined
        ? { start: before.offset + before.length, end }
        : { start: array.offset + 1, end: array.offset + array.length - 1 }
  return { state: 'revoked', text: cut(target.text, stretch) }
}

import type { ts } from 'ts-morph'
import type { ApplyResult, RevokeResult } from '../model/edit-result.ts'
import type { EnsureListItem } from '../model/op.ts'
import { cutElement } from './literal-cut.ts'
import { insertElement } from './literal-insert.ts'
import { placeAmong } from './literal-place.ts'
import { endsOf, findLiteral } from './literals.ts'
import { candidate, type Refused, refused, type Target } from './refuse.ts'
import { parseSound, type Source, typescript } from './source-file.ts'
import { parseExpression, tokensOf } from './tokens.ts'

type List = ts.ArrayLiteralExpression

function isList(node: ts.Node): node is List {
  return typescript().isArrayLiteralExpression(node)
}

/** The identifier or string that an item is about: `u` in `u`, `[u, { … }]` and `u(…)`. */
function nameOf(node: ts.Node | undefined): string | undefined {
  const t = typescript()
  if (node === undefined) return undefined
  if (t.isIdentifier(node) || t.isStringLiteralLike(node)) return node.text
  if (t.isCallExpression(node) || t.isNewExpression(node)) return nameOf(node.expression)
  return t.isArrayLiteralExpression(node) ? nameOf(node.elements[0]) : undefined
}

function isMade(node: ts.Node): boolean {
  const { isCallExpression, isNewExpression } = typescript()
  return isCallExpression(node) || isNewExpression(node)
}

function same(source: Source, list: List, item: string): ts.Expression[] {
  const ours = parseExpression(item)
  const tokens = tokensOf(ours.source, ours.node)
  return list.elements.filter((element) => tokensOf(source, element) === tokens)
}

/** Items that are ours with other options: what two calls make may be two things. */
function alike({ elements }: List, op: EnsureListItem): ts.Expression[] {
  const made = isMade(parseExpression(op.item).node)
  return elements.filter((element) => nameOf(element) === op.name && !(made && isMade(element)))
}

/** What an item registers: `[plugin, { … }]` is one with its options. */
function pluginOf(node: ts.Expression): ts.Expression | undefined {
  return isList(node) ? node.elements[0] : node
}

/** Puts an item into an array literal, at the place of its rank. */
export function applyListItem(target: Target, op: EnsureListItem): ApplyResult {
  const source = parseSound(target, op.item)
  if ('state' in source) return source
  const list = findLiteral(source, op.list, isList, op.item)
  if ('state' in list) return list
  if (same(source, list, op.item).length + alike(list, op).length > 0) return { state: 'present' }
  const { name, item, order } = op
  const entry = { order, name, snippet: item, nameOf, pluginOf }
  const found = placeAmong(source, list, list.elements, entry)
  if ('state' in found) return found
  const made = insertElement(source, list, found.place, item)
  if (made === undefined) {
    const message = `No place was found in "${op.list}".`
    return refused(target, 'NO_ANCHOR', { message, at: list.getStart(source.file), snippet: item })
  }
  return { state: 'applied', ...made }
}

/** Takes an item out; it is found by its tokens, so a formatter or a move do not matter. */
export function revokeListItem(target: Target, op: EnsureListItem, chunk: string): RevokeResult {
  const source = parseSound(target, op.item)
  if ('state' in source) return source
  const lists = endsOf(source, op.list).filter(isList)
  const found = lists.flatMap((list) =>
    same(source, list, op.item).map((element) => ({ list, element })),
  )
  const [first] = found
  if (first === undefined) return gone(source, lists, op)
  if (found.length === 1) return cutElement(source, first.list, first.element, chunk)
  const places = found.map(({ element }) => element.getStart(source.file))
  const message = `"${op.name}" stands in "${op.list}" ${found.length} times.`
  const candidates = places.map((at) => candidate(source, at))
  return refused(target, 'AMBIGUOUS', { message, at: places[0], snippet: op.item, candidates })
}

function gone(source: Source, lists: readonly List[], op: EnsureListItem): RevokeResult | Refused {
  const changed = lists.flatMap((list) => alike(list, op))[0]
  if (changed !== undefined) {
    const at = changed.getStart(source.file)
    const message = `The item "${op.name}" was changed since.`
    return refused(source, 'DRIFT', { message, at, snippet: op.item })
  }
  const { forEachChild } = typescript()
  const search = (node: ts.Node): ts.Node | undefined =>
    (isList(node) && !lists.includes(node) ? same(source, node, op.item)[0] : undefined) ??
    forEachChild(node, search)
  const elsewhere = lists.length > 0 ? undefined : search(source.file)
  if (elsewhere === undefined) return { state: 'absent' }
  const at = elsewhere.getStart(source.file)
  const message = `The list "${op.list}" is gone, but an item like ours is still here.`
  return refused(source, 'DRIFT', { message, at, snippet: op.item })
}

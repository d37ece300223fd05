import type { ts } from 'ts-morph'
import type { ApplyResult, RevokeResult } from '../model/edit-result.ts'
import type { EnsureProperty } from '../model/op.ts'
import { cutElement } from './literal-cut.ts'
import { insertElement } from './literal-insert.ts'
import { placeAmong } from './literal-place.ts'
import { endsOf, findLiteral, keyOf } from './literals.ts'
import type { Place } from './rank.ts'
import { candidate, refused, type Target } from './refuse.ts'
import { parseSound, type Source, typescript } from './source-file.ts'
import { quote } from './style.ts'
import { parseExpression, tokensOf } from './tokens.ts'

type Property = ts.ObjectLiteralElementLike

function isObject(node: ts.Node): node is ts.ObjectLiteralExpression {
  return typescript().isObjectLiteralExpression(node)
}

function propertyText({ key, value }: EnsureProperty, mark = "'", quoted = false): string {
  const isName = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(key)
  if (key === value && isName && !quoted) return key
  if (isName && !quoted) return `${key}: ${value}`
  return `${mark}${key.replace(/[\\'"]/g, '\\$&')}${mark}: ${value}`
}

/** The quote that all keys of an object are in; undefined if one is not. */
function keyQuote(source: Source, list: readonly Property[]): string | undefined {
  const marks = list.flatMap(({ name }) =>
    name === undefined ? [] : [name.getText(source.file)[0]],
  )
  const [first] = marks
  return (first === '"' || first === "'") && marks.every((mark) => mark === first)
    ? first
    : undefined
}

/** The expression of a property; undefined for a method and the like. */
function expressionOf(node: Property): ts.Expression | undefined {
  const { isPropertyAssignment, isShorthandPropertyAssignment } = typescript()
  if (isPropertyAssignment(node)) return node.initializer
  return isShorthandPropertyAssignment(node) ? node.name : undefined
}

/**
 * Behind a last spread our value would hide what the spread brings under that key; before it, what
 * was there keeps its meaning.
 */
function aheadOfSpread(list: readonly Property[], place: Place<Property>): Place<Property> {
  const { isSpreadAssignment } = typescript()
  const last = list.at(-1)
  const isEnd = place === undefined || ('behind' in place && place.behind === last)
  return isEnd && last !== undefined && isSpreadAssignment(last) ? { before: last } : place
}

/** Puts a property into an object literal, at the place of its rank. */
export function applyProperty(target: Target, op: EnsureProperty): ApplyResult {
  const snippet = propertyText(op)
  const source = parseSound(target, snippet)
  if ('state' in source) return source
  const object = findLiteral(source, op.object, isObject, snippet)
  if ('state' in object) return object
  const list = object.properties
  if (list.some((node) => keyOf(node) === op.key)) return { state: 'present' }
  const entry = { order: op.order, name: op.key, snippet, nameOf: keyOf, pluginOf: expressionOf }
  const found = placeAmong(source, object, list, entry)
  if ('state' in found) return found
  const mark = keyQuote(source, list)
  const text = propertyText(op, mark ?? quote(source), mark !== undefined)
  const made = insertElement(source, object, aheadOfSpread(list, found.place), text)
  if (made === undefined) {
    const message = `No place was found in "${op.object}".`
    return refused(target, 'NO_ANCHOR', { message, at: object.getStart(source.file), snippet })
  }
  return { state: 'applied', ...made }
}

/** Takes a property out; it is found by its key. One whose value was changed is left. */
export function revokeProperty(target: Target, op: EnsureProperty, chunk: string): RevokeResult {
  const snippet = propertyText(op)
  const source = parseSound(target, snippet)
  if ('state' in source) return source
  const objects = endsOf(source, op.object).filter(isObject)
  const found = objects.flatMap((object) =>
    object.properties.filter((node) => keyOf(node) === op.key).map((node) => ({ object, node })),
  )
  const [first] = found
  if (first === undefined) return gone(source, objects.length > 0, op, snippet)
  const places = found.map(({ node }) => node.getStart(source.file))
  const at = places[0]
  if (found.length > 1) {
    const message = `"${op.key}" stands in "${op.object}" ${found.length} times.`
    const candidates = places.map((place) => candidate(source, place))
    return refused(target, 'AMBIGUOUS', { message, at, snippet, candidates })
  }
  if (isOurs(source, first.node, op)) return cutElement(source, first.object, first.node, chunk)
  const message = `The property "${op.key}" was changed since.`
  return refused(target, 'DRIFT', { message, at, snippet })
}

function isOurs(source: Source, node: Property, { value }: EnsureProperty): boolean {
  const is = expressionOf(node)
  if (is === undefined) return false
  const ours = parseExpression(value)
  return tokensOf(source, is) === tokensOf(ours.source, ours.node)
}

function gone(
  source: Source,
  hasObject: boolean,
  op: EnsureProperty,
  snippet: string,
): RevokeResult {
  const { forEachChild } = typescript()
  const search = (node: ts.Node): ts.Node | undefined =>
    (isObject(node)
      ? node.properties.find((part) => keyOf(part) === op.key && isOurs(source, part, op))
      : undefined) ?? forEachChild(node, search)
  const elsewhere = hasObject ? undefined : search(source.file)
  if (elsewhere === undefined) return { state: 'absent' }
  const at = elsewhere.getStart(source.file)
  const message = `The object "${op.object}" is gone, but a property like ours is still here.`
  return refused(source, 'DRIFT', { message, at, snippet })
}

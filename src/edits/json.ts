import { basename } from 'node:path'
import type { Node } from 'jsonc-parser'
import type { ApplyResult, RevokeResult } from '../model/edit-result.ts'
import type { EnsureJson, Json } from '../model/op.ts'
import { cutMember, isSoleMember, spliceMember } from './json-members.ts'
import { compareKeys } from './json-order.ts'
import { isSameJson, jsonOf, member, parseJson } from './json-tree.ts'
import { placeByRank } from './rank.ts'
import { refused, type Target } from './refuse.ts'
import { cut } from './splice.ts'

const DEPENDENCY_MAPS = new Set([
  'dependencies',
  'devDependencies',
  'peerDependencies',
  'optionalDependencies',
])

function isDependency({ path }: EnsureJson): boolean {
  return path.length === 2 && DEPENDENCY_MAPS.has(path[0] ?? '')
}

function nest(keys: readonly string[], value: Json): Json {
  return keys.reduceRight<Json>((inner, key) => ({ [key]: inner }), value)
}

function snippetOf({ path, value }: EnsureJson): string {
  return JSON.stringify(nest(path, value), null, 2)
}

/** The objects along a path as far as they exist, and what stands in the way if one is none. */
function walk(root: Node, path: readonly string[]) {
  const objects: Node[] = [root]
  for (const key of path) {
    const value = member(objects.at(-1) as Node, key)?.children?.[1]
    if (value === undefined) return { objects, found: undefined }
    if (objects.length === path.length) return { objects, found: value }
    if (value.type !== 'object') return { objects, found: undefined, obstacle: value }
    objects.push(value)
  }
  return { objects, found: undefined }
}

/**
 * Sets a property. Objects that are missing on the way are written on several lines, ours in an
 * object of the user's that was empty on one line stays on that line: by this a later revoke
 * knows, whatever the order of edits was, which emptied object goes and which one stays.
 */
export function applyJson(target: Target, op: EnsureJson): ApplyResult {
  const snippet = snippetOf(op)
  const root = parseJson(target, snippet)
  if ('state' in root) return root
  const { objects, found, obstacle } = walk(root, op.path)
  if (found !== undefined) {
    if (isDependency(op) || isSameJson(jsonOf(found), op.value)) return { state: 'present' }
    const message = `${op.path.join('.')} is set to something else.`
    return refused(target, 'NAME_TAKEN', { message, at: found.offset, snippet })
  }
  if (obstacle !== undefined) {
    const message = `${op.path.slice(0, objects.length).join('.')} is no object.`
    return refused(target, 'NAME_TAKEN', { message, at: obstacle.offset, snippet })
  }
  const depth = objects.length
  const parent = objects.at(-1) as Node
  const key = op.path[depth - 1] as string
  const place = placeByRank(parent.children ?? [], (property) =>
    compareKeys(
      target.path,
      op.path.slice(0, depth - 1),
      String(property.children?.[0]?.value),
      key,
    ),
  )
  const wide = basename(target.path) === 'package.json'
  const value = nest(op.path.slice(depth), op.value)
  const text = spliceMember(target.text, { parent, isRoot: depth === 1, key, value, place, wide })
  const written = parseJson({ ...target, text }, snippet)
  if ('state' in written) return written
  const ours = walk(written, op.path).found?.parent
  if (ours === undefined) throw new Error(`${target.path}: the new property cannot be read`)
  return { state: 'applied', text, chunk: text.slice(ours.offset, ours.offset + ours.length) }
}

/**
 * Takes a property out, found by its key; a dependency whatever its version is by now. Objects
 * that we made for it go with the last of their members.
 */
export function revokeJson(target: Target, op: EnsureJson, chunk: string): RevokeResult {
  const snippet = snippetOf(op)
  const root = parseJson(target, snippet)
  if ('state' in root) return root
  const { objects, found } = walk(root, op.path)
  const ours = found?.parent
  if (found === undefined || ours === undefined) return { state: 'absent' }
  const text = target.text.slice(ours.offset, ours.offset + ours.length)
  if (text !== chunk && !isDependency(op) && !isSameJson(jsonOf(found), op.value)) {
    const message = `${op.path.join('.')} was changed since.`
    return refused(target, 'DRIFT', { message, at: ours.offset, snippet })
  }
  let property = ours
  for (const object of objects.toReversed()) {
    if (object.parent === undefined || !isSoleMember(target.text, object, property)) break
    property = object.parent
  }
  const removal = cutMember(target.text, property)
  if (
    removal === undefined ||
    (text !== chunk && /\/[/*]/.test(text.replace(/"(?:\\.|[^"\\])*"/g, '')))
  ) {
    const message = `A comment stands beside ${op.path.join('.')}.`
    return refused(target, 'USER_COMMENT', { message, at: ours.offset, snippet })
  }
  return { state: 'revoked', text: removal.reduce((rest, part) => cut(rest, part), target.text) }
}

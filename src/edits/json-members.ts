import type { Node } from 'jsonc-parser'
import type { Json } from '../model/op.ts'
import { printJson } from './json-print.ts'
import { eolAt, indentAt, indentUnit } from './lines.ts'
import type { Place } from './rank.ts'
import { type Cut, spliced } from './splice.ts'

interface NewMember {
  readonly parent: Node
  readonly isRoot: boolean
  readonly key: string
  readonly value: Json
  readonly place: Place<Node>
  readonly wide: boolean
}

// What may stand behind a member on its own line.
const TRAILING = /^(?:[ \t]*(?:\/\*[^\n]*?\*\/|\/\/[^\r\n]*))*/

function endOf(node: Node): number {
  return node.offset + node.length
}

/** The offset behind the comma that follows a member, or undefined if none does. */
function behindComma(text: string, member: Node): number | undefined {
  const gap = /^(?:\s|\/\*(?:[^*]|\*(?!\/))*\*\/|\/\/.*\n)*,/.exec(text.slice(endOf(member)))
  return gap === null ? undefined : endOf(member) + gap[0].length
}

function skip(text: string, from: number, pattern: RegExp): number {
  return from + (pattern.exec(text.slice(from))?.[0].length ?? 0)
}

/** What separates the members of an object, as its first ones are separated. */
function separator(text: string, parent: Node, first: Node): string {
  const lead = text.slice(parent.offset + 1, first.offset)
  if (lead.includes('\n')) return eolAt(text, first.offset) + indentAt(text, first.offset)
  const second = parent.children?.[1]
  const comma = behindComma(text, first)
  return second === undefined || comma === undefined ? ' ' : text.slice(comma, second.offset)
}

/** The text with a new property in it. */
export function spliceMember(text: string, member: NewMember): string {
  const { parent, place, key, value, wide } = member
  const siblings = parent.children ?? []
  const [first] = siblings
  const print = (at: number, indent: string) => {
    const head = `${JSON.stringify(key)}: `
    const style = { eol: eolAt(text, at), indent, unit: indentUnit(text), wide }
    return head + printJson(value, { ...style, taken: indent.length + head.length + 1 })
  }
  if (first === undefined) return intoEmpty(text, member, print)
  const gap = separator(text, parent, first)
  const last = siblings.at(-1) as Node
  const behind = place === undefined ? last : 'behind' in place ? place.behind : undefined
  const next = behind === undefined ? first : siblings[siblings.indexOf(behind) + 1]
  const ours = print(first.offset, gap.includes('\n') ? indentAt(text, first.offset) : '')
  if (next !== undefined) {
    const from =
      behind === undefined ? parent.offset + 1 : (behindComma(text, behind) ?? next.offset)
    const at = behind === undefined ? next.offset : skip(text, skip(text, from, TRAILING), /^\s*/)
    return spliced(text, { at, text: `${ours},${gap}` })
  }
  const comma = behindComma(text, last)
  const at = skip(text, comma ?? endOf(last), TRAILING)
  const added = spliced(text, { at, text: `${gap}${ours}${comma === undefined ? '' : ','}` })
  return comma === undefined ? spliced(added, { at: endOf(last), text: ',' }) : added
}

function intoEmpty(
  text: string,
  { parent, isRoot }: NewMember,
  print: (at: number, indent: string) => string,
): string {
  const close = endOf(parent) - 1
  const inside = text.slice(parent.offset + 1, close)
  const outer = indentAt(text, parent.offset)
  if (!isRoot && !inside.includes('\n')) {
    return spliced(text, { at: close, text: ` ${print(close, outer)} ` })
  }
  const eol = eolAt(text, close)
  const indent = outer + indentUnit(text)
  const tail = inside.includes('\n') ? indentAt(text, close) : outer
  return spliced(text, { at: close, text: `${eol}${indent}${print(close, indent)}${eol}${tail}` })
}

/** Whether an object was made for this one member: it stands on several lines and holds no more. */
export function isSoleMember(text: string, object: Node, property: Node): boolean {
  const before = text.slice(object.offset + 1, property.offset)
  const after = text.slice(endOf(property), endOf(object) - 1)
  return (
    object.children?.length === 1 && /^\r?\n[ \t]*$/.test(before) && /^\r?\n[ \t]*$/.test(after)
  )
}

/** The inverse of `spliceMember`, last cut first; undefined if a comment stands beside it. */
export function cutMember(text: string, property: Node): readonly Cut[] | undefined {
  const parent = property.parent as Node
  const siblings = parent.children ?? []
  const previous = siblings[siblings.indexOf(property) - 1]
  const start = property.offset
  const end = endOf(property)
  const comma = behindComma(text, property)
  if (siblings.at(-1) !== property) {
    const next = skip(text, comma ?? end, /^\s*/)
    return hasComment(text, end, comma ?? end) || isTrailed(text, comma ?? end)
      ? undefined
      : [{ start, end: next }]
  }
  const tail = comma ?? end
  if (hasComment(text, end, tail) || isTrailed(text, tail)) return undefined
  if (previous === undefined) return [soleCut(text, parent, start, tail)]
  const blank = /\s*$/.exec(text.slice(0, start))?.[0].length ?? 0
  const ours = { start: start - blank, end: tail }
  if (comma !== undefined) return [ours]
  const before = behindComma(text, previous) ?? endOf(previous) + 1
  return [ours, { start: before - 1, end: before }]
}

function soleCut(text: string, parent: Node, start: number, end: number): Cut {
  const close = endOf(parent) - 1
  const before = text.slice(parent.offset + 1, start)
  if (before.includes('\n')) {
    const line = start - (/\r?\n[ \t]*$/.exec(text.slice(0, start))?.[0].length ?? 0)
    return text.slice(end, close).trim() === '' ? { start: line, end: close } : { start: line, end }
  }
  const behind = skip(text, end, /^\s/)
  return before.endsWith(' ') && behind === close
    ? { start: start - 1, end: close }
    : { start, end: behind }
}

function hasComment(text: string, from: number, to: number): boolean {
  return /\/[/*]/.test(text.slice(from, to))
}

function isTrailed(text: string, from: number): boolean {
  return TRAILING.exec(text.slice(from))?.[0] !== ''
}

import type { ApplyResult, RevokeResult } from '../model/edit-result.ts'
import type { EnsureYaml, Order } from '../model/op.ts'
import { eolAt, indentUnit, lineEnd, lineStart, nextLine } from './lines.ts'
import { compareInOrder, placeByRank } from './rank.ts'
import { type Refused, refused, type Target } from './refuse.ts'
import { type Cut, cut, lineSplice, type Splice, spliced } from './splice.ts'
import { commentedStart, type Entry, entriesOf, parseYaml, yaml } from './yaml-entries.ts'

/** A mapping on the way to an entry. */
export interface Level {
  /** The entry that holds this mapping; undefined for the root. */
  readonly owner: Entry | undefined
  readonly entries: readonly Entry[]
}

interface Walk {
  /** The mappings along the path as far as they exist. */
  readonly levels: readonly Level[]
  readonly found: Entry | undefined
}

function walk(target: Target, op: EnsureYaml, snippet: string): Walk | Refused {
  const document = parseYaml(target, snippet)
  if ('state' in document) return document
  const { text } = target
  const levels: Level[] = []
  const rootEnd = document.contents?.range?.[2] ?? text.length
  let node: unknown = document.contents
  let owner: Entry | undefined
  for (const key of op.path) {
    const isVoid = owner === undefined && yamlNull(node)
    const entries = isVoid ? [] : entriesOf(text, node, owner?.end ?? rootEnd)
    if (entries === undefined) {
      const message = `"${owner?.key ?? 'The file'}" is no mapping of one entry a line.`
      return refused(target, 'NO_ANCHOR', { message, at: owner?.start, snippet })
    }
    levels.push({ owner, entries })
    const entry = entries.find((candidate) => candidate.key === key)
    if (entry === undefined) return { levels, found: undefined }
    owner = entry
    node = entry.value
  }
  return { levels, found: owner }
}

function yamlNull(node: unknown): boolean {
  const { isScalar } = yaml()
  return node === null || (isScalar(node) && node.value === null)
}

function indented(block: string, indent: string, eol: string): string {
  const lines = block.trimEnd().split(/\r?\n/)
  return lines.map((line) => (line === '' ? '' : indent + line)).join(eol)
}

function dedented(chunk: string): string {
  const indent = /^[ \t]*/.exec(chunk)?.[0] ?? ''
  return chunk
    .split(/\r?\n/)
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line).trimEnd())
    .join('\n')
}

/** Whether most neighbours are parted by a blank line. */
function isAiry(text: string, entries: readonly Entry[]): boolean {
  const gaps = entries.slice(1).map(({ start }, i) => text.slice(entries[i]?.end ?? 0, start))
  return gaps.filter((gap) => /\n[ \t]*\r?\n/.test(gap)).length * 2 > gaps.length
}

function locate(
  text: string,
  entries: readonly Entry[],
  key: string,
  order: Order,
  block: string,
): Splice {
  const place = placeByRank(entries, (entry) => compareInOrder(order, entry.key, key))
  const last = entries.at(-1)
  if (last === undefined) return lineSplice(text, text.length, block)
  const blanks = isAiry(text, entries) ? 2 : 1
  if (place !== undefined && 'before' in place) {
    const isFirst = entries[0] === place.before
    const at = isFirst ? place.before.start : commentedStart(text, place.before)
    return { at, text: block + eolAt(text, at).repeat(blanks) }
  }
  const at = (place?.behind ?? last).end
  return { at, text: eolAt(text, at).repeat(blanks) + block }
}

/** Adds an entry to a block mapping; mappings that are missing on the way are made. */
export function applyYaml(target: Target, op: EnsureYaml): ApplyResult {
  const walked = walk(target, op, op.block.trimEnd())
  if ('state' in walked) return walked
  return walked.found === undefined ? insertEntry(target, op, walked.levels) : { state: 'present' }
}

/** The same where the mappings on the way to the entry are known, and the entry is not there. */
export function insertEntry(
  { text }: Target,
  op: EnsureYaml,
  levels: readonly Level[],
): ApplyResult {
  const { entries, owner } = levels.at(-1) as Level
  const missing = op.path.slice(levels.length - 1)
  const eol = eolAt(text, entries.at(-1)?.end ?? owner?.end ?? text.length)
  const unit = indentUnit(text)
  const outer = entries[0]?.indent ?? ''
  const inner = outer + unit.repeat(missing.length - 1)
  const chunk = indented(op.block, inner, eol)
  const heads = missing.slice(0, -1).map((key, i) => `${outer}${unit.repeat(i)}${key}:`)
  const order = heads.length > 0 ? 'by-name' : op.order
  const splice = locate(text, entries, missing[0] as string, order, [...heads, chunk].join(eol))
  return { state: 'applied', text: spliced(text, splice), chunk }
}

/** Takes an entry out, found by its path; mappings of which it was all go too. */
export function revokeYaml(target: Target, op: EnsureYaml, chunk: string): RevokeResult {
  const { text } = target
  const walked = walk(target, op, chunk)
  if ('state' in walked) return walked
  const { levels, found } = walked
  if (found === undefined) return { state: 'absent' }
  const obstacle = changed(target, found, chunk)
  if (obstacle !== undefined) return obstacle
  let entry = found
  let { entries, owner } = levels.at(-1) as Level
  for (const level of levels.slice(0, -1).toReversed()) {
    if (owner === undefined || !isAllOf(text, owner, entry)) break
    entry = owner
    ;({ entries, owner } = level)
  }
  return { state: 'revoked', text: cut(text, entryCut(text, entries, entry)) }
}

function isAllOf(text: string, owner: Entry, entry: Entry): boolean {
  const head = lineEnd(text, owner.start)
  const isBare = /:[ \t]*$/.test(text.slice(owner.start, head))
  return isBare && nextLine(text, head) === entry.start && owner.end === entry.end
}

function changed(target: Target, found: Entry, chunk: string): Refused | undefined {
  const is = dedented(target.text.slice(found.start, found.end))
  const was = dedented(chunk)
  if (is === was) return undefined
  const { parse, stringify } = yaml()
  const comments = (block: string) => block.match(/(?:^|\s)#.*/g)?.length ?? 0
  const isSame = stringify(parse(is)) === stringify(parse(was))
  if (isSame && comments(is) === comments(was)) return undefined
  const at = found.start
  return isSame
    ? refused(target, 'USER_COMMENT', {
        message: `A comment was added to "${found.key}".`,
        at,
        snippet: was,
      })
    : refused(target, 'DRIFT', { message: `"${found.key}" was changed since.`, at, snippet: was })
}

/** The inverse of `locate`. */
function entryCut(text: string, entries: readonly Entry[], entry: Entry): Cut {
  const { start, end } = entry
  const below = nextLine(text, end)
  const isUnfinished = text[below - 1] !== '\n'
  const isBlankLine = (at: number) => text.slice(at, lineEnd(text, at)).trim() === ''
  const above = start === 0 ? 0 : lineStart(text, start - 1)
  const airy = entries.length > 1 && isAiry(text, entries)
  const isFirst = entries[0] === entry
  const hasBlankAbove = airy && !isFirst && isBlankLine(above)
  const top = hasBlankAbove ? above : start
  const hasBlankBelow = airy && !hasBlankAbove && below < text.length && isBlankLine(below)
  if (isUnfinished && top > 0) return { start: top - eolAt(text, top).length, end }
  return { start: top, end: hasBlankBelow ? nextLine(text, below) : below }
}

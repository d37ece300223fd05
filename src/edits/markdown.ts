import type { ApplyResult, RevokeResult } from '../model/edit-result.ts'
import type { EnsureMarkdown } from '../model/op.ts'
import { conflictIn } from './conflict-markers.ts'
import { eolAt, nextLine } from './lines.ts'
import { compareInOrder, placeByRank } from './rank.ts'
import { onceForRecent } from './recent.ts'
import { type Refused, refused, type Target } from './refuse.ts'
import { type Cut, cut, type Splice, spliced } from './splice.ts'

interface Line {
  readonly start: number
  /** Behind the last character, without the line ending. */
  readonly end: number
  readonly text: string
  /** Level and title of a heading. */
  readonly heading: { readonly level: number; readonly title: string } | undefined
}

/** A section with all below its heading, or a row of a table. */
interface Entry {
  readonly name: string
  readonly start: number
  readonly end: number
}

interface Siblings {
  readonly entries: readonly Entry[]
  /** Where the first entry goes: the end of what stands above it. */
  readonly end: number
}

/** Lines of a text. A `#` inside a fenced block is no heading. */
const linesOf = onceForRecent(({ text }): readonly Line[] => {
  const lines: Line[] = []
  let fence: string | undefined
  for (let start = 0; start < text.length; start = nextLine(text, start)) {
    const full = text.slice(start, nextLine(text, start))
    const line = full.replace(/\r?\n$/, '')
    const mark = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1]
    const isOutside = fence === undefined
    if (mark !== undefined && isOutside) fence = mark
    else if (mark !== undefined && fence !== undefined && closes(line, fence)) fence = undefined
    const [, marks, title = ''] = /^ {0,3}(#{1,6})[ \t]+(.*?)(?:[ \t]+#+)?[ \t]*$/.exec(line) ?? []
    lines.push({
      start,
      end: start + line.length,
      text: line,
      heading: isOutside && marks !== undefined ? { level: marks.length, title } : undefined,
    })
  }
  return lines
})

function closes(line: string, fence: string): boolean {
  const mark = line.trim()
  return mark.length >= fence.length && mark === (fence[0] ?? '').repeat(mark.length)
}

/** The lines below the heading `under`, up to the next one of its level; all lines without it. */
function linesBelow(target: Target, under: string | undefined): readonly Line[] | undefined {
  const lines = linesOf(target)
  if (under === undefined) return lines
  const at = lines.findIndex(({ heading }) => heading?.title === under)
  const level = lines[at]?.heading?.level
  if (level === undefined) return undefined
  const rest = lines.slice(at + 1)
  const next = rest.findIndex(({ heading }) => heading !== undefined && heading.level <= level)
  // The heading itself is kept: what goes into an empty section goes behind it.
  return lines.slice(at, next === -1 ? undefined : at + 1 + next)
}

function contentEnd(lines: readonly Line[]): number {
  return lines.findLast(({ text }) => text.trim() !== '')?.end ?? lines[0]?.start ?? 0
}

function sectionsOf(lines: readonly Line[], level: number): Siblings {
  const starts = lines.flatMap(({ heading }, i) => (heading?.level === level ? [i] : []))
  const entries = starts.map((at) => {
    const below = lines.slice(at + 1)
    const next = below.findIndex(({ heading }) => heading !== undefined && heading.level <= level)
    const own = lines.slice(at, next === -1 ? undefined : at + 1 + next)
    const { heading, start } = own[0] as Line
    return { name: heading?.title ?? '', start, end: contentEnd(own) }
  })
  return { entries, end: contentEnd(lines) }
}

/** The rows of the first table; undefined where there is none. */
function rowsOf(lines: readonly Line[]): Siblings | undefined {
  const isRow = ({ text }: Line) => /^ {0,3}\|/.test(text)
  const rule = lines.findIndex(
    (line, i) => isRow(line) && /^[\s|:-]+$/.test(line.text) && isRow(lines[i - 1] ?? line),
  )
  if (rule < 1) return undefined
  const below = lines.slice(rule + 1)
  const next = below.findIndex((line) => !isRow(line))
  const rows = below.slice(0, next === -1 ? undefined : next)
  const entries = rows.map(({ text, start, end }) => ({ name: cellsOf(text)[0] ?? '', start, end }))
  return { entries, end: (rows.at(-1) ?? (lines[rule] as Line)).end }
}

function cellsOf(row: string): readonly string[] {
  return row
    .trim()
    .replace(/^\||\|$/g, '')
    .split(/(?<!\\)\|/)
    .map((cell) => cell.trim())
}

function isRow(block: string): boolean {
  return block.startsWith('|')
}

function siblingsOf(target: Target, { under }: EnsureMarkdown, block: string): Siblings | Refused {
  const lines = linesBelow(target, under)
  const level = /^#*/.exec(block)?.[0].length ?? 0
  const found = lines && (isRow(block) ? rowsOf(lines) : sectionsOf(lines, level))
  if (found !== undefined) return found
  const place = under === undefined ? 'The file' : `The section "${under}"`
  const message = lines === undefined ? `There is no section "${under}".` : `${place} has no table.`
  return refused(target, 'NO_ANCHOR', { message, snippet: block })
}

function locate(text: string, { entries, end }: Siblings, op: EnsureMarkdown): Splice {
  const place = placeByRank(entries, ({ name }) => compareInOrder(op.order, name, op.entry))
  const at = place !== undefined && 'before' in place ? place.before.start : undefined
  const behind = (place !== undefined && 'behind' in place ? place.behind : entries.at(-1))?.end
  const eol = eolAt(text, at ?? behind ?? end)
  const block = op.block.trimEnd().split('\n').join(eol)
  if (text.trim() === '') return { at: text.length, text: block + eol }
  const gap = isRow(op.block) ? eol : eol + eol
  return at === undefined ? { at: behind ?? end, text: gap + block } : { at, text: block + gap }
}

/** Adds a section, parted from its neighbours by a blank line, or a row of a table. */
export function applyMarkdown(target: Target, op: EnsureMarkdown): ApplyResult {
  const block = op.block.trimEnd()
  const conflict = conflictIn(target, block)
  if (conflict !== undefined) return conflict
  const siblings = siblingsOf(target, op, block)
  if ('state' in siblings) return siblings
  if (siblings.entries.some(({ name }) => name === op.entry)) return { state: 'present' }
  const splice = locate(target.text, siblings, op)
  return { state: 'applied', text: spliced(target.text, splice), chunk: splice.text.trim() }
}

/** Takes a section or a row out, found by its title or first cell; one that was changed is left. */
export function revokeMarkdown(target: Target, op: EnsureMarkdown, chunk: string): RevokeResult {
  const { text } = target
  const conflict = conflictIn(target, chunk)
  if (conflict !== undefined) return conflict
  const siblings = siblingsOf(target, op, chunk)
  // Where the section or the table around it is gone, the entry is gone too.
  if ('state' in siblings) return { state: 'absent' }
  const found = siblings.entries.find(({ name }) => name === op.entry)
  if (found === undefined) return { state: 'absent' }
  if (essence(text.slice(found.start, found.end)) !== essence(chunk)) {
    const message = `"${op.entry}" was changed since.`
    return refused(target, 'DRIFT', { message, at: found.start, snippet: chunk })
  }
  const out = isRow(chunk) ? rowCut(text, found) : sectionCut(text, found)
  return { state: 'revoked', text: cut(text, out) }
}

/** A text without what a formatter may change: the padding of cells, the ends of lines. */
function essence(text: string): string {
  const lines = text.split(/\r?\n/).map((line) => line.trimEnd())
  return lines.map((line) => (isRow(line) ? cellsOf(line).join('|') : line)).join('\n')
}

function rowCut(text: string, { start, end }: Entry): Cut {
  return { start: start - eolAt(text, start - 1).length, end }
}

function sectionCut(text: string, { start, end }: Entry): Cut {
  const blank = /\r?\n[ \t]*\r?\n$/.exec(text.slice(0, start))?.[0].length
  if (blank !== undefined) return { start: start - blank, end }
  return { start, end: nextLine(text, nextLine(text, end)) }
}

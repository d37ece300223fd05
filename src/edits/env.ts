import type { ApplyResult, RevokeResult } from '../model/edit-result.ts'
import type { EnsureEnv } from '../model/op.ts'
import { conflictIn } from './conflict-markers.ts'
import { eolAt, lineEnd, nextLine } from './lines.ts'
import { compareInOrder, placeByRank } from './rank.ts'
import { type Refused, refused, type Target } from './refuse.ts'
import { type Cut, cut, type Splice, spliced } from './splice.ts'

/** Lines without a blank one between them. */
interface Paragraph {
  readonly start: number
  /** Behind the last line, without its line ending. */
  readonly end: number
  /** The text of a first line `# section`. */
  readonly section: string | undefined
}

function paragraphs(text: string): Paragraph[] {
  const list: Paragraph[] = []
  for (const match of text.matchAll(/(?:^[ \t]*\S.*(?:\r?\n|$))+/gm)) {
    const end = match.index + match[0].replace(/\r?\n$/, '').length
    const section = /^#[ \t]*(.*?)[ \t\r]*$/m.exec(match[0].split('\n')[0] ?? '')?.[1]
    list.push({ start: match.index, end, section })
  }
  return list
}

function variables(text: string): string[] {
  return [...text.matchAll(/^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=/gm)].map(
    ([, name]) => name as string,
  )
}

function blockOf({ section, lines }: EnsureEnv, eol: string): string {
  return [`# ${section}`, ...lines].join(eol)
}

function locate(text: string, op: EnsureEnv): Splice {
  const list = paragraphs(text)
  const last = list.at(-1)
  const eol = eolAt(text, last?.end ?? text.length)
  if (last === undefined) return { at: text.length, text: blockOf(op, eol) + eol }
  const place = placeByRank(list, ({ section }) =>
    section === undefined ? undefined : compareInOrder(op.order, section, op.section),
  )
  if (place !== undefined && 'before' in place) {
    const near = eolAt(text, place.before.start)
    return { at: place.before.start, text: blockOf(op, near) + near + near }
  }
  const at = (place?.behind ?? last).end
  const near = eolAt(text, at)
  return { at, text: near + near + blockOf(op, near) }
}

/** Adds a section to an env file: its block, parted from its neighbours by one blank line. */
export function applyEnv(target: Target, op: EnsureEnv): ApplyResult {
  const { text } = target
  const snippet = blockOf(op, '\n')
  const conflict = conflictIn(target, snippet)
  if (conflict !== undefined) return conflict
  if (paragraphs(text).some(({ section }) => section === op.section)) return { state: 'present' }
  const [ours, theirs] = [variables(snippet), variables(text)]
  if (ours.length > 0 && ours.every((name) => theirs.includes(name))) return { state: 'present' }
  const taken = ours.find((name) => theirs.includes(name))
  if (taken !== undefined) {
    const at = text.search(new RegExp(`^[ \\t]*(?:export[ \\t]+)?${taken}[ \\t]*=`, 'm'))
    const message = `The variable ${taken} is set already.`
    return refused(target, 'NAME_TAKEN', { message, at, snippet })
  }
  const splice = locate(text, op)
  return { state: 'applied', text: spliced(text, splice), chunk: splice.text.trim() }
}

/** Takes a section out, found by its heading; one that was changed is left. */
export function revokeEnv(target: Target, op: EnsureEnv, chunk: string): RevokeResult {
  const { text } = target
  const conflict = conflictIn(target, chunk)
  if (conflict !== undefined) return conflict
  const list = paragraphs(text)
  const found = list.find(({ section }) => section === op.section)
  if (found === undefined) return { state: 'absent' }
  const obstacle = changed(target, found, chunk)
  if (obstacle !== undefined) return obstacle
  return { state: 'revoked', text: cut(text, blockCut(text, list, found)) }
}

function changed(target: Target, found: Paragraph, chunk: string): Refused | undefined {
  const lines = (text: string) => text.split(/\r?\n/).map((line) => line.trim())
  const [was, is] = [lines(chunk), lines(target.text.slice(found.start, found.end))]
  if (was.join('\n') === is.join('\n')) return undefined
  const isCommented = is.filter((line, i) => !line.startsWith('#') || was[i] === line)
  const [code, message] =
    variables(is.join('\n')).join() === variables(was.join('\n')).join() &&
    was.every((line) => is.includes(line)) &&
    isCommented.length < is.length
      ? (['USER_COMMENT', `A comment was added to the section "${found.section}".`] as const)
      : (['DRIFT', `The section "${found.section}" was changed since.`] as const)
  return refused(target, code, { message, at: found.start, snippet: chunk })
}

function blockCut(text: string, list: readonly Paragraph[], found: Paragraph): Cut {
  const previous = list[list.indexOf(found) - 1]
  if (previous !== undefined) {
    const blank = /\r?\n[ \t]*\r?\n$/.exec(text.slice(0, found.start))?.[0].length ?? 0
    return { start: found.start - blank, end: found.end }
  }
  const below = nextLine(text, found.end)
  const isAlone = list.length === 1 || lineEnd(text, below) > below
  return { start: found.start, end: isAlone ? below : nextLine(text, below) }
}

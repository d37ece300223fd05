import type { ApplyResult } from '../model/edit-result.ts'
import type { EnsureExport, EnsureImport, EnsureProperty, EnsureStatement } from '../model/op.ts'
import { compareNatural } from './collation.ts'
import { nextLine } from './lines.ts'
import { compareInOrder, type Place, placeByRank } from './rank.ts'
import type { Target } from './refuse.ts'
import { compareSpecifiers, sameModule } from './specifier.ts'
import { lineSplice, spliced } from './splice.ts'

interface Line {
  readonly start: number
  readonly text: string
}

function linesOf(text: string): readonly Line[] {
  let start = 0
  return text.split('\n').map((line) => {
    const at = start
    start += line.length + 1
    return { start: at, text: line }
  })
}

/** The text with a line of its own behind or before a neighbour; undefined below a comment. */
function withLine(
  text: string,
  place: Place<Line>,
  line: string,
  chunk: string,
): ApplyResult | undefined {
  if (place === undefined) return undefined
  const isBehind = 'behind' in place
  const at = isBehind ? nextLine(text, place.behind.start) : place.before.start
  if (!isBehind && /\n[ \t]*(?:\/\/|\*).*\n$/.test(text.slice(0, at))) return undefined
  return { state: 'applied', text: spliced(text, lineSplice(text, at, line)), chunk }
}

const IMPORT = /^import (type )?(?:(\w+)|\{ (\w+(?:, \w+)*) \}) from '([^']+)'$/

interface Import extends Line {
  readonly isType: boolean
  /** The name of a default import, or those in the braces. */
  readonly names: readonly string[]
  readonly isNamed: boolean
  readonly from: string
}

function quoted(specifier: string): string {
  return `'${specifier}'`
}

function importAt(line: Line): Import | undefined {
  const found = IMPORT.exec(line.text)
  if (found === null) return undefined
  const [, type, name, braces, from = ''] = found
  const names = braces?.split(', ') ?? [name ?? '']
  return { ...line, isType: type !== undefined, names, isNamed: braces !== undefined, from }
}

export function importFresh({ text }: Target, op: EnsureImport): ApplyResult | undefined {
  const { name, named = false, from } = op
  if (op.typeOnly || op.require || op.aliases !== undefined) return undefined
  const lines = linesOf(text).filter((line) => line.text.startsWith('import '))
  const imports = lines.flatMap((line) => importAt(line) ?? [])
  if (imports.length < lines.length) return undefined
  const isOurs = (one: Import) => !one.isType && one.isNamed === named && sameModule(one.from, from)
  if (imports.some((one) => isOurs(one) && one.names.includes(name))) return { state: 'present' }
  if (imports.some(({ names }) => names.includes(name))) return undefined
  const open = named ? imports.find(isOurs) : undefined
  if (open !== undefined) return intoBraces(text, open, name)
  const rank = (isType: boolean, isNamed: boolean) => (isType ? 0 : isNamed ? 2 : 1)
  const place = placeByRank(
    imports,
    (one) =>
      compareSpecifiers(one.from, from) || rank(one.isType, one.isNamed) - rank(false, named),
  )
  const line = `import ${named ? `{ ${name} }` : name} from ${quoted(from)}`
  return withLine(text, place, line, named ? name : line)
}

function intoBraces(text: string, { start, names, text: line }: Import, name: string): ApplyResult {
  const place = placeByRank(names, (other) => compareNatural(other, name))
  const index = place !== undefined && 'behind' in place ? names.indexOf(place.behind) + 1 : 0
  const braces = (list: readonly string[]) => `{ ${list.join(', ')} }`
  const ours = line.replace(braces(names), braces(names.toSpliced(index, 0, name)))
  const end = start + line.length
  return { state: 'applied', text: text.slice(0, start) + ours + text.slice(end), chunk: name }
}

/** The first export of a file that holds no more than comments. */
export function exportFresh({ text }: Target, { from }: EnsureExport): ApplyResult | undefined {
  if (!/^(?:\/\/.*\n)+$/.test(text)) return undefined
  const line = `export * from ${quoted(from)}`
  return { state: 'applied', text: spliced(text, lineSplice(text, text.length, line)), chunk: line }
}

export function statementFresh({ text }: Target, op: EnsureStatement): ApplyResult | undefined {
  const { within, name, statement, order } = op
  if (within === undefined || (order !== 'by-name' && !Array.isArray(order))) return undefined
  const body = bodyOf(linesOf(text), within)
  const [head, tail] = statement.split(name)
  if (body === undefined || head === undefined || tail === undefined) return undefined
  const nameOf = ({ text: line }: Line) => {
    const inner = line.slice(2 + head.length, line.length - tail.length)
    return `  ${head}${inner}${tail}` === line && /^\w+$/.test(inner) ? inner : undefined
  }
  const peers = body.filter((line) => nameOf(line) !== undefined)
  if (peers.some((line) => nameOf(line) === name)) return { state: 'present' }
  const last = body.at(-1)
  const place =
    peers.length > 0 || last === undefined || !last.text.startsWith('  return ')
      ? placeByRank(peers, (line) => compareInOrder(order, nameOf(line) ?? '', name))
      : { before: last }
  return withLine(text, place, `  ${statement}`, statement)
}

/** The lines of a function's body. */
function bodyOf(lines: readonly Line[], name: string): readonly Line[] | undefined {
  const isHead = new RegExp(`^export (?:async )?function ${name}\\(`)
  const head = lines.findIndex(({ text }) => isHead.test(text))
  const open = lines.findIndex(({ text }, i) => i >= head && text.endsWith(' {'))
  const close = lines.findIndex(({ text }, i) => i > open && text === '}')
  return head === -1 || open === -1 || close === -1 ? undefined : lines.slice(open + 1, close)
}

export function memberFresh({ text }: Target, op: EnsureProperty): ApplyResult | undefined {
  const { object, key, value, order } = op
  if (order !== 'by-name' || !/^\w+$/.test(object) || !/^[A-Za-z_]\w*$/.test(key)) return undefined
  const lines = linesOf(text)
  const isHead = new RegExp(`^export const ${object}\\b.* = \\{$`)
  const head = lines.findIndex((line) => isHead.test(line.text))
  const close = lines.findIndex((line, i) => i > head && line.text === '}')
  const nameOf = (line: Line) => /^ {2}([A-Za-z_]\w*): .+,$/.exec(line.text)?.[1]
  const entries = lines.slice(head + 1, close)
  if (head === -1 || !entries.every((line) => nameOf(line) !== undefined)) return undefined
  if (entries.some((line) => nameOf(line) === key)) return { state: 'present' }
  const place = placeByRank(entries, (line) => compareNatural(nameOf(line) ?? '', key))
  const chunk = `${key}: ${value}`
  return withLine(text, place, `  ${chunk},`, chunk)
}

import type { EnsureExport, EnsureImport, EnsureStatement, Op } from '../model/op.ts'
import { type PlainLine, readPlain } from './plain-lines.ts'
import { comparisonWith } from './plain-lines-order.ts'
import { isPlainName, isPlainRegistration } from './plain-lines-patterns.ts'
import { compareInOrder } from './rank.ts'
import type { Target } from './refuse.ts'
import { leadsTo } from './specifier.ts'

/** What an op asks of a plain text. */
export interface Wanted {
  /** The lines among which ours goes. */
  readonly lines: readonly PlainLine[]
  readonly line: string
  readonly chunk: string
  /** Whether a line may be what was asked for, in whatever spelling. */
  readonly isAlike: (line: PlainLine) => boolean
  readonly isSame: (line: PlainLine) => boolean
  readonly compare: (line: PlainLine) => number | undefined
}

/** Finds the lines that an op deals with; undefined if a parser is needed. */
export function wantedBy(op: Op, target: Target): Wanted | undefined {
  switch (op.op) {
    case 'ensureImport':
      return wantedImport(op, target)
    case 'ensureExport':
      return wantedExport(op, target)
    case 'ensureStatement':
      return wantedStatement(op, target)
    default:
      return undefined
  }
}

function isPlainPath(from: string): boolean {
  return /^\.\.?\/[\w@./-]+$/.test(from)
}

function wantedImport(op: EnsureImport, target: Target): Wanted | undefined {
  const { name, from } = op
  if (op.named || op.typeOnly || op.require) return undefined
  if (!isPlainName(name) || name.includes('$') || !isPlainPath(from)) return undefined
  const plain = readPlain(target)
  if (plain?.top === undefined) return undefined
  const { quote, close } = plain.top
  const isSame = (line: PlainLine) => line.name === name && line.from === from
  const isTaken = plain.names.has(name) && !plain.imports.some(isSame)
  const chunk = `import ${name} from ${quote}${from}${quote}${close}`
  return isTaken ? undefined : { ...amongModules(plain.imports, op), isSame, line: chunk, chunk }
}

function wantedExport(op: EnsureExport, target: Target): Wanted | undefined {
  const { from } = op
  const plain = isPlainPath(from) ? readPlain(target) : undefined
  if (plain?.top === undefined) return undefined
  const { quote, close } = plain.top
  const isSame = (line: PlainLine) => line.from === from
  const chunk = `export * from ${quote}${from}${quote}${close}`
  return { ...amongModules(plain.exports, op), isSame, line: chunk, chunk }
}

function amongModules(lines: readonly PlainLine[], op: EnsureImport | EnsureExport) {
  const words = [op.from, ...(op.aliases ?? [])].map(wordOf)
  const compare = comparisonWith(op.from)
  return {
    lines,
    isAlike: ({ from }: PlainLine) =>
      words.some((word) => from.includes(word)) && leadsTo(from, op),
    compare: ({ from }: PlainLine) => compare(from),
  }
}

/** What is in every specifier of a module, however it is spelled: of thousands few have it. */
function wordOf(specifier: string): string {
  const name =
    specifier
      .replace(/\.[cm]?[jt]sx?$/, '')
      .split('/')
      .at(-1) ?? ''
  return name === 'index' || name.startsWith('.') ? '' : name
}

function wantedStatement(op: EnsureStatement, target: Target): Wanted | undefined {
  const { name, order, statement, within } = op
  if (order !== 'by-name' && !Array.isArray(order)) return undefined
  if (!isPlainName(name) || !isPlainRegistration(statement, name)) return undefined
  const plain = readPlain(target)
  if (plain?.body === undefined || plain.within !== within) return undefined
  // Without an import, the other strings of the text decide which quotes it uses.
  if (plain.top === undefined && statement.includes("'")) return undefined
  const { indent, close } = plain.body
  const chunk = statement.replaceAll("'", plain.top?.quote ?? "'") + close
  const isSame = (line: PlainLine) => line.name === name
  return {
    lines: plain.registrations,
    line: indent + chunk,
    chunk,
    isAlike: isSame,
    isSame,
    compare: (line) => compareInOrder(order, line.name, name),
  }
}

import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'
import { conflictIn } from './conflict-markers.ts'
import { lineEnd, lineStart, nextLine } from './lines.ts'
import { onceForRecent } from './recent.ts'
import { type Refused, refused, type Target } from './refuse.ts'

/** One entry of a block mapping, by whole lines. */
export interface Entry {
  readonly key: string
  readonly value: unknown
  /** The start of the key's line. */
  readonly start: number
  /** Behind the last line that has content of the entry, without its line ending. */
  readonly end: number
  readonly indent: string
}

let loaded: typeof Yaml | undefined

/** The parser, loaded on first use: other files than YAML never need it. */
export function yaml(): typeof Yaml {
  loaded ??= createRequire(import.meta.url)('yaml') as typeof Yaml
  return loaded
}

const documentsOf = onceForRecent(({ text }) =>
  yaml().parseAllDocuments(text, { logLevel: 'silent' }),
)

/** Parses a file of one document. */
export function parseYaml(target: Target, snippet: string): Yaml.Document | Refused {
  const conflict = conflictIn(target, snippet)
  if (conflict !== undefined) return conflict
  const documents = documentsOf(target)
  if (!Array.isArray(documents) || documents.length === 0) return new (yaml().Document)(null)
  const [document, second] = documents as Yaml.Document.Parsed[]
  const error = documents.flatMap(({ errors }) => errors)[0]
  if (error !== undefined) {
    const message = `The file is not valid YAML: ${error.message.split('\n')[0]}`
    return refused(target, 'PARSE_ERROR', { message, at: error.pos[0], snippet })
  }
  if (second === undefined && document !== undefined) return document
  const message = 'The file holds several documents.'
  return refused(target, 'AMBIGUOUS', { message, at: second?.range[0], snippet })
}

/**
 * The entries of a block mapping.
 *
 * @param limit where the text of the mapping ends at the latest
 * @returns undefined for anything else, such as a mapping in braces
 */
export function entriesOf(text: string, node: unknown, limit: number): Entry[] | undefined {
  const { isMap, isScalar } = yaml()
  if (!isMap(node) || node.flow) return undefined
  const keys = node.items.map(({ key }) => (isScalar(key) ? key : undefined))
  return node.items.flatMap(({ value }, i) => {
    const key = keys[i]
    const at = key?.range?.[0]
    if (key === undefined || at === undefined) return []
    const start = lineStart(text, at)
    const indent = text.slice(start, at)
    const below = keys[i + 1]?.range?.[0]
    const end = contentEnd(
      text,
      start,
      below === undefined ? limit : lineStart(text, below),
      indent,
    )
    return [{ key: String(key.value), value, start, end, indent }]
  })
}

/** The end of the last line that is no blank one and no comment of the next entry or the parent. */
export function contentEnd(text: string, start: number, limit: number, indent: string): number {
  let end = lineEnd(text, start)
  for (let at = nextLine(text, start); at < limit; at = nextLine(text, at)) {
    const line = text.slice(at, lineEnd(text, at))
    const margin = line.length - line.trimStart().length
    const isOutside = /^\s*#/.test(line) && margin <= indent.length
    if (line.trim() !== '' && !isOutside) end = lineEnd(text, at)
  }
  return end
}

/** The start of the comment lines that stand directly above an entry, at its own indentation. */
export function commentedStart(text: string, { start, indent }: Entry): number {
  let top = start
  while (top > 0) {
    const above = lineStart(text, top - 1)
    const line = text.slice(above, lineEnd(text, above))
    if (!line.startsWith(`${indent}#`)) break
    top = above
  }
  return top
}

import { createRequire } from 'node:module'
import type * as Jsonc from 'jsonc-parser'
import type { Node, ParseError } from 'jsonc-parser'
import type { Json } from '../model/op.ts'
import { conflictIn } from './conflict-markers.ts'
import { onceForRecent } from './recent.ts'
import { type Refused, refused, type Target } from './refuse.ts'

let loaded: typeof Jsonc | undefined

function jsonc(): typeof Jsonc {
  loaded ??= createRequire(import.meta.url)('jsonc-parser') as typeof Jsonc
  return loaded
}

const treeOf = onceForRecent(({ text }) => {
  const errors: ParseError[] = []
  const root = jsonc().parseTree(text, errors, { allowTrailingComma: true })
  return { root, error: errors[0] }
})

/** Parses JSON, with comments and trailing commas; only a file that is one object can be edited. */
export function parseJson(target: Target, snippet: string): Node | Refused {
  const conflict = conflictIn(target, snippet)
  if (conflict !== undefined) return conflict
  const { root, error } = treeOf(target)
  if (error !== undefined || root === undefined) {
    const reason = error === undefined ? 'it is empty' : jsonc().printParseErrorCode(error.error)
    const message = `The file is not valid JSON: ${reason}.`
    return refused(target, 'PARSE_ERROR', { message, at: error?.offset ?? 0, snippet })
  }
  if (root.type === 'object') return root
  return refused(target, 'NO_ANCHOR', { message: 'The file is no JSON object.', snippet })
}

const faults: Readonly<Record<string, string>> = {
  InvalidCommentToken: 'JSON has no comments',
  PropertyNameExpected: 'a property name is expected (a trailing comma?)',
  ValueExpected: 'a value is expected (a trailing comma?)',
  CommaExpected: 'a comma is missing',
  ColonExpected: 'a colon is missing',
  CloseBraceExpected: 'a closing brace is missing',
  CloseBracketExpected: 'a closing bracket is missing',
  UnexpectedEndOfString: 'a closing quote is missing',
}

/** Why strict JSON, as npm reads it, can't be an object; nothing where it is one. */
export function jsonFault(target: Target): Refused | undefined {
  const conflict = conflictIn(target, '')
  if (conflict !== undefined) return conflict
  const { parseTree, printParseErrorCode } = jsonc()
  const errors: ParseError[] = []
  const root = parseTree(target.text, errors, { disallowComments: true, allowEmptyContent: false })
  const [error] = errors
  if (target.text.trim() === '') {
    return refused(target, 'PARSE_ERROR', { message: `${target.path} is empty.` })
  }
  if (error === undefined && root?.type === 'object') return undefined
  const code = error === undefined ? '' : printParseErrorCode(error.error)
  const reason = error === undefined ? 'it holds no object' : (faults[code] ?? code)
  const message = `${target.path} isn't valid JSON: ${reason}.`
  return refused(target, 'PARSE_ERROR', { message, at: error?.offset ?? 0 })
}

/** The property node of a key; the last one if the key is repeated, as JSON.parse has it. */
export function member(object: Node, key: string): Node | undefined {
  return object.children?.findLast((property) => property.children?.[0]?.value === key)
}

/** The value that a node stands for. */
export function jsonOf(node: Node): Json {
  if (node.type === 'array') return (node.children ?? []).map(jsonOf)
  if (node.type !== 'object') return node.value as Json
  const entries = (node.children ?? []).flatMap(({ children }) => {
    const [key, value] = children ?? []
    return value === undefined ? [] : [[String(key?.value), jsonOf(value)] as const]
  })
  return Object.fromEntries(entries)
}

/** Deep equality; the order of keys does not matter. */
export function isSameJson(a: Json, b: Json): boolean {
  return canonical(a) === canonical(b)
}

function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  const keys = Object.keys(value).sort()
  return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical(value[key] ?? null)}`).join()}}`
}

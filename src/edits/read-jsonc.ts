import { RefusedError } from '../errors.ts'
import { jsonOf, parseJson } from './json-tree.ts'

type Content = { readonly [key: string]: unknown }

/** The object in a text of JSON with comments, as tsconfig.json has them; nothing where it is none. */
export function readJsonc(path: string, text: string): Content | undefined {
  const root = parseJson({ path, text }, '')
  return 'state' in root ? undefined : (jsonOf(root) as Content)
}

/**
 * The same, where guessing would do harm. An empty text is an empty object, as it is to TypeScript.
 * @throws {RefusedError} with the line where it can't be parsed
 */
export function parseJsonc(path: string, text: string): Content {
  if (text.trim() === '') return {}
  const root = parseJson({ path, text }, '')
  if (!('state' in root)) return jsonOf(root) as Content
  const { snippet: _, ...refusal } = root.refusal
  throw new RefusedError([refusal])
}

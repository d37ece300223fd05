import { jsonOf, parseJson } from './json-tree.ts'

/** The object in a text of JSON with comments, as tsconfig.json has them; nothing where it is none. */
export function readJsonc(
  path: string,
  text: string,
): { readonly [key: string]: unknown } | undefined {
  const root = parseJson({ path, text }, '')
  if ('state' in root) return undefined
  return jsonOf(root) as { readonly [key: string]: unknown }
}

import type { Op } from '../model/op.ts'
import { type Refused, refused, type Target } from './refuse.ts'

// The comments and blank lines that a text begins with, a shebang included.
const HASH_HEADER = /^(?:[ \t]*(?:#.*)?\r?(?:\n|$))*/
const SLASH_HEADER = /^(?:#!.*)?(?:\s|\/\/.*|\/\*[\s\S]*?\*\/)*/
const CLAIM = /\bdo not edit\b|@generated\b|\b(?:auto-?|automatically )generated\b/i

/** A refusal if the comment at the top of a file says that a program writes it. */
export function generatedIn(target: Target, op: Op, snippet: string): Refused | undefined {
  const hasHashes = op.op === 'ensureYaml' || op.op === 'ensureEnv'
  const header = (hasHashes ? HASH_HEADER : SLASH_HEADER).exec(target.text)?.[0] ?? ''
  const at = header.search(CLAIM)
  if (at === -1) return undefined
  const message = 'The file says that it is generated: the change would be lost.'
  const hint = 'Change what it is generated from, or put the lines in by hand.'
  return refused(target, 'GENERATED_FILE', { message, at, snippet, hint })
}

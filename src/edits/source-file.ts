import { extname } from 'node:path'
import type { ts } from 'ts-morph'
import { typescript } from './compiler.ts'
import { conflictIn } from './conflict-markers.ts'
import { onceForRecent } from './recent.ts'
import { type Refused, refused, type Target } from './refuse.ts'

export { type TypeScript, typescript } from './compiler.ts'

/** One parsed file. Nothing but its syntax is known: no program, no symbols, no types. */
export interface Source extends Target {
  readonly file: ts.SourceFile
}

function scriptKind(path: string): ts.ScriptKind {
  const { ScriptKind } = typescript()
  const kinds: Record<string, ts.ScriptKind> = {
    '.tsx': ScriptKind.TSX,
    '.jsx': ScriptKind.JSX,
    '.js': ScriptKind.JS,
    '.mjs': ScriptKind.JS,
    '.cjs': ScriptKind.JS,
  }
  return kinds[extname(path)] ?? ScriptKind.TS
}

/** Parses without a look at errors. */
export const parse = onceForRecent(({ path, text }): Source => {
  const { createSourceFile, JSDocParsingMode, ScriptTarget } = typescript()
  const options = {
    languageVersion: ScriptTarget.ESNext,
    // Comments are text here, and of a long file much of the time goes into them.
    jsDocParsingMode: JSDocParsingMode.ParseNone,
  }
  const file = createSourceFile(path, text, options, true, scriptKind(path))
  return { path, text, file }
})

/** The offset of the first syntax error. */
export function syntaxError({ file }: Source): { at: number; message: string } | undefined {
  // The property is not in the public types; the public way needs a Program.
  const { parseDiagnostics } = file as unknown as {
    parseDiagnostics: readonly ts.DiagnosticWithLocation[]
  }
  const first = parseDiagnostics[0]
  if (first === undefined) return undefined
  return {
    at: first.start,
    message: typescript().flattenDiagnosticMessageText(first.messageText, ' '),
  }
}

/** Parses a file that is to be edited; one that has syntax errors is refused. */
export function parseSound(target: Target, snippet: string): Source | Refused {
  const source = parse(target)
  const error = syntaxError(source)
  if (error === undefined) return source
  // A marker may also stand in a template literal: only where it breaks the syntax it is one.
  const conflict = conflictIn(target, snippet)
  if (conflict !== undefined) return conflict
  const message = `The file has a syntax error: ${error.message}`
  return refused(target, 'PARSE_ERROR', { message, at: error.at, snippet })
}

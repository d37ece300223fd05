import type { ChalkInstance } from 'chalk'
import type { Refusal } from '../model/refusal.ts'

/** A refusal as text: what, where, the places to choose from, the lines in question, the way on. */
export function refusalText(refusal: Refusal, colors: ChalkInstance): string {
  const { code, file, line, message, hint, snippet, candidates = [] } = refusal
  const place = file === undefined ? '' : ` ${file}${line === undefined ? '' : `:${line}`}`
  const lines = [
    `${colors.red(`refused ${code}`)}${place}`,
    `  ${message}`,
    ...candidates.map((candidate) => `    ${candidate}`),
    ...(snippet === undefined
      ? []
      : [file === undefined ? '  To be added:' : `  To be added to ${file}:`, indent(snippet)]),
    ...(hint === undefined ? [] : [`  ${colors.cyan(hint)}`]),
  ]
  return `${lines.join('\n')}\n`
}

function indent(snippet: string): string {
  return snippet.trimEnd().replace(/^/gm, '    ')
}

/**
 * Splits a script into its statements, without comments and semicolons.
 * Knows what may hide a semicolon (PostgreSQL, section 4.1): quoted strings and names, escape
 * strings, dollar quotes, and nested comments; `BEGIN ATOMIC` bodies are not known.
 */
export function sqlStatements(script: string): string[] {
  const statements: string[] = []
  let statement = ''
  for (let at = 0; at < script.length; ) {
    const [kind, length] = tokenAt(script, at)
    if (kind === 'text') statement += script.slice(at, at + length)
    if (kind === 'comment') statement += ' '
    if (kind === 'end') {
      statements.push(statement)
      statement = ''
    }
    at += length
  }
  return [...statements, statement].map((text) => text.trim()).filter((text) => text !== '')
}

type Token = ['text' | 'comment' | 'end', length: number]

const quoted = /[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"/sy
const dollarQuoted = /(\$(?:[A-Za-z_]\w*)?\$).*?\1/sy
const word = /[A-Za-z_][\w$]*/y
const lineComment = /--.*/y

function tokenAt(script: string, at: number): Token {
  if (script[at] === ';') return ['end', 1]
  if (script.startsWith('/*', at)) return ['comment', blockCommentAt(script, at)]
  const comment = match(lineComment, script, at)
  if (comment > 0) return ['comment', comment]
  const patterns = [quoted, dollarQuoted, word]
  return ['text', Math.max(1, ...patterns.map((pattern) => match(pattern, script, at)))]
}

function match(pattern: RegExp, script: string, at: number): number {
  pattern.lastIndex = at
  return pattern.exec(script)?.[0].length ?? 0
}

function blockCommentAt(script: string, start: number): number {
  const mark = /\/\*|\*\//g
  mark.lastIndex = start
  let depth = 0
  for (let found = mark.exec(script); found !== null; found = mark.exec(script)) {
    depth += found[0] === '/*' ? 1 : -1
    if (depth === 0) return mark.lastIndex - start
  }
  return script.length - start
}

/** Offset of the first character of the line that holds `at`. */
export function lineStart(text: string, at: number): number {
  return text.lastIndexOf('\n', at - 1) + 1
}

/** Offset behind the last character of the line that holds `at`, without its line ending. */
export function lineEnd(text: string, at: number): number {
  const feed = text.indexOf('\n', at)
  if (feed === -1) return text.length
  return feed > at && text[feed - 1] === '\r' ? feed - 1 : feed
}

/** Offset of the line below the one that holds `at`; the end of the text if there is none. */
export function nextLine(text: string, at: number): number {
  const feed = text.indexOf('\n', at)
  return feed === -1 ? text.length : feed + 1
}

/** One-based number of the line that holds `at`. */
export function lineNumber(text: string, at: number): number {
  let count = 1
  for (let i = text.indexOf('\n'); i !== -1 && i < at; i = text.indexOf('\n', i + 1)) count++
  return count
}

/** The whitespace that the line of `at` begins with. */
export function indentAt(text: string, at: number): string {
  const start = lineStart(text, at)
  return /^[ \t]*/.exec(text.slice(start, lineEnd(text, start)))?.[0] ?? ''
}

/** The line ending in use at `at`: the nearest one above, else the next one below, else LF. */
export function eolAt(text: string, at: number): string {
  const above = at > 0 ? text.lastIndexOf('\n', at - 1) : -1
  const feed = above === -1 ? text.indexOf('\n', at) : above
  return feed > 0 && text[feed - 1] === '\r' ? '\r\n' : '\n'
}

/** One level of indentation in this file: that of its first indented line, else two spaces. */
export function indentUnit(text: string): string {
  return /^([ \t]+)[^\s*]/m.exec(text)?.[1] ?? '  '
}

/** Whether only spaces and tabs stand between two offsets. */
export function isBlank(text: string, from: number, to: number): boolean {
  return /^[ \t\r]*$/.test(text.slice(from, to))
}

/** The text with LF alone, as everything is rendered, hashed and compared. */
export function withLf(text: string): string {
  return text.includes('\r') ? text.replaceAll('\r\n', '\n') : text
}

/** The ending of the first line; nothing where there is only one line. */
export function eolOf(text: string): '\n' | '\r\n' | undefined {
  const feed = text.indexOf('\n')
  if (feed === -1) return undefined
  return text[feed - 1] === '\r' ? '\r\n' : '\n'
}

/** The text with the given line endings. */
export function withEol(text: string, eol: '\n' | '\r\n'): string {
  const plain = withLf(text)
  return eol === '\n' ? plain : plain.replaceAll('\n', '\r\n')
}

/** Whether two texts differ in nothing but their line endings: git may have converted one of them. */
export function isSameText(a: string, b: string): boolean {
  return a === b || withLf(a) === withLf(b)
}

/** A string literal of TypeScript with the quotes that Biome prefers: those that need less escapes. */
export function quoted(text: string): string {
  const single = text.split("'").length
  const double = text.split('"').length
  const quote = single > double ? '"' : "'"
  const escaped = text.replaceAll('\\', '\\\\').replaceAll(quote, `\\${quote}`)
  return quote + escaped + quote
}

/** A string literal of SQL. */
export function sqlQuoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

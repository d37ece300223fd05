/** Comments, texts, quoted names, and bodies between dollar signs. */
const quoted =
  /--.*|\/\*[\s\S]*?\*\/|\bE'(?:\\[\s\S]|''|[^'\\])*'|'[^']*'|"[^"]*"|(\$\w*\$)[\s\S]*?\1/gi

/** SQL without comments, texts and bodies; every quoted name is `x`. */
export function bareSql(sql: string, body: (text: string) => string = () => ''): string {
  return sql.replace(quoted, (text) => {
    if (text.startsWith('$')) return body(text)
    return text.startsWith('"') ? 'x' : ' '
  })
}

const losses = [
  // The word COLUMN may be missing: a table loses `view` in `DROP view`, but not in `DROP VIEW a`.
  String.raw`DROP\s+(?!(CONSTRAINT|DEFAULT|NOT\s+NULL)\b|(INDEX|TRIGGER|VIEW)\s+(?!CASCADE|RESTRICT)\w)\w+`,
  String.raw`TRUNCATE\s+(?!ON\b|OR\b)\w+`,
  String.raw`DELETE\s+FROM`,
  String.raw`THEN\s+DELETE`,
  String.raw`ALTER\s+(COLUMN\s+)?\w+\s+(SET\s+DATA\s+)?TYPE`,
]
const loss = new RegExp(String.raw`\b(${losses.join('|')})\b`, 'i')

/**
 * Whether a script may delete rows or columns, or values by another type. It says so rather too often:
 * what stands in the body of a function counts, whether or not it is called.
 */
export function mayLoseData(sql: string): boolean {
  return loss.test(bareSql(sql, (body) => body))
}

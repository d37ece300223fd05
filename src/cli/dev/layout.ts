/** Breaks a text at spaces so that no line is wider, where its words allow that; every line is indented. */
export function wrap(text: string, width: number, indent = ''): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.trim().split(/\s+/)) {
    const longer = line === '' ? `${indent}${word}` : `${line} ${word}`
    if (line !== '' && longer.length > width) {
      lines.push(line)
      line = `${indent}${word}`
    } else line = longer
  }
  return [...lines, line].join('\n')
}

/** A text from elsewhere, without the sequences that would move the cursor or colour the terminal. */
export function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are removed
  const control = /(?:\u001b(?:\[[\d;?]*[A-Za-z])?|[\u0000-\u001a\u001c-\u001f\u007f-\u009f])+/g
  return text.replace(control, ' ').trim()
}

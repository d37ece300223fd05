const names = 'fix(?:-dry-run|-suggestions|-dangerously|-type)?|write|apply(?:-unsafe)?|unsafe'
const word = new RegExp(`^--(?:${names})(?:=|$)`)
const inText = new RegExp(`\\s--(?:${names})(?=[\\s=;&|"']|$)`)

/** The words of a linter or formatter without those that make it write, and those that need them. */
export function withoutWriting(words: readonly string[]): readonly string[] {
  return words.filter((one, at) => !word.test(one) && words[at - 1] !== '--fix-type')
}

/** Whether a script has words that make a tool write. */
export function writesIn(text: string): boolean {
  return inText.test(text)
}

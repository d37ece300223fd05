/** One command of a script of package.json. */
export interface ScriptCommand {
  /** Assignments before the program, which only a shell understands. */
  readonly assignments: readonly string[]
  readonly program: string
  readonly args: readonly string[]
}

interface Word {
  readonly text: string
  /** Whether a shell would look for files that match it. */
  readonly isPattern: boolean
}

/**
 * The commands of a script that runs one after another; nothing where it takes a shell to
 * understand it. A pattern without quotes gives the files that match it, as a shell has it.
 */
export function commandsIn(
  script: string,
  files: () => readonly string[],
): readonly ScriptCommand[] | undefined {
  const commands: ScriptCommand[] = []
  for (const part of piecesOf(script)) {
    const words = wordsOf(part)
    if (words === undefined) return undefined
    const first = words.findIndex(({ text }) => !/^\w+=/.test(text))
    const program = words[first]
    if (program === undefined) return undefined
    commands.push({
      assignments: words.slice(0, first).map(({ text }) => text),
      program: program.text,
      args: words.slice(first + 1).flatMap((word) => expanded(word, files)),
    })
  }
  return commands
}

/** The pieces between `&&`, those in quotes left out of account: an odd quote is refused later. */
function piecesOf(script: string): readonly string[] {
  return script.split('&&').map((part) => part.trim())
}

const word = /\s*((?:[^\s'"\\$`|;&<>()#!]|'[^']*'|"[^"$`\\]*")+)/y

function wordsOf(part: string): readonly Word[] | undefined {
  const words: Word[] = []
  word.lastIndex = 0
  for (let match = word.exec(part); match !== null; match = word.exec(part)) {
    const raw = match[1] ?? ''
    const bare = raw.replace(/'[^']*'|"[^"]*"/g, '')
    if (/[{}~[\]]/.test(bare)) return undefined
    const text = raw.replace(/'([^']*)'|"([^"]*)"/g, '$1$2')
    words.push({ text, isPattern: /[*?]/.test(bare) })
    if (word.lastIndex === part.length) return words
  }
  return undefined
}

function expanded({ text, isPattern }: Word, files: () => readonly string[]): readonly string[] {
  if (!isPattern) return [text]
  const pattern = new RegExp(`^${sourceOf(text.replace(/^\.\//, ''))}(?=/|$)`)
  const found = files().flatMap((file) => pattern.exec(file)?.[0] ?? [])
  return found.length === 0 ? [text] : [...new Set(found)].sort()
}

/** In a plain shell two stars are as good as one. */
function sourceOf(pattern: string): string {
  return pattern
    .replace(/[.+^$()|\\[\]{}]/g, '\\$&')
    .replace(/\*+/g, '[^/]*')
    .replace(/\?/g, '[^/]')
}

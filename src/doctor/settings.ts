import type { Finding } from './finding.ts'

const example = '.env.example'

/**
 * Every variable of `.env.example` is one that the code reads, and the other way round.
 * @param variables those of the service's settings
 * @param sources the texts of the project's source files, which may read others
 */
export function checkSettings(
  text: string,
  variables: readonly string[],
  sources: readonly string[],
): readonly Finding[] {
  const named = all(text, /^(?:#\s?)?([A-Z][A-Z0-9_]*)=/gm)
  const others = all(sources.join('\n'), /\bprocess\.env(?:\.|\[['"])([A-Z][A-Z0-9_]*)/g)
  const read = [...new Set([...variables, ...others])]
  const fault = (message: string, hint: string): Finding => {
    return { check: 'settings', level: 'fault', where: example, message, hint }
  }
  return [
    ...named
      .filter((name) => !read.includes(name))
      .map((name) => fault(`nothing reads ${name}`, 'Remove it, or restore the setting.')),
    ...read
      .filter((name) => !named.includes(name))
      .map((name) => fault(`${name} is read, and isn't there`, 'Add it with a comment.')),
  ]
}

function all(text: string, pattern: RegExp): readonly string[] {
  return [...new Set([...text.matchAll(pattern)].map(([, name = '']) => name))]
}

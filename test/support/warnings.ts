/** The lines that a clean run doesn't print, apart from npm's complaints about local settings. */
export function warningsIn(output: string): readonly string[] {
  return output
    .split('\n')
    .filter((line) => /\bwarn(ing)?s?\b|deprecat/i.test(line))
    .filter((line) => !/Unknown (user|env|global|project) config/.test(line))
    .filter((line) => !/\b0 warnings?\b/.test(line))
}

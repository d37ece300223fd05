import { type Finding, firstWords, type Reader, sectionsOf } from './finding.ts'

// The label of a project is between bars, or with colours between spaces.
const failed = /^ FAIL {2}(?:\|.+?\| | .+? {2})?(.+?\.[cm]?[jt]sx?)(?: > (.+?))?(?: \[ .*\])?$/
const unhandled = /^⎯+ (Unhandled Error|Unhandled Rejection|Uncaught Exception) ⎯+$/
const frame = /^ *❯ (.+):(\d+):(\d+)$/
/** What precedes a path: the name of a function, which has no slash. */
const caller = /^(?:async |new )?[^\s/]+ (?:\[as [^\]]+\] )?/
const isHead = (line: string) => failed.test(line) || unhandled.test(line)

/** Reads the failures of Vitest's report: whose they are, why, and the first place in the project. */
export const readVitest: Reader = (output) => {
  const found: Finding[] = []
  let heads: string[] = []
  for (const [head, ...lines] of sectionsOf(output.split('\n'), isHead)) {
    heads.push(head)
    // Tests that fail for the same reason share the details below the last of them.
    if (firstWords(lines) === '') continue
    found.push(...heads.flatMap((each) => findingOf(each, lines)))
    heads = []
  }
  return found
}

function findingOf(head: string, lines: readonly string[]): readonly Finding[] {
  const [, file, title] = failed.exec(head) ?? []
  const at = lines.flatMap((line) => placeOf(line, file)).find(isOwn)
  if (at === undefined && file === undefined) return []
  const name = title ?? unhandled.exec(head)?.[1]
  const message = `${name === undefined ? '' : `${name}: `}${firstWords(lines)}`
  return [{ file: file ?? '', ...at, message }]
}

function placeOf(text: string, known: string | undefined) {
  const [, words, line, column] = frame.exec(text) ?? []
  if (words === undefined) return []
  const isKnown = known !== undefined && ` ${words}`.endsWith(` ${known}`)
  const file = isKnown ? known : words.replace(caller, '')
  return { file, line: Number(line), column: Number(column) }
}

const isOwn = ({ file }: Pick<Finding, 'file'>) => !/node_modules|^node:/.test(file)

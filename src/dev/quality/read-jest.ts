import {
  type Finding,
  firstWords,
  lineOf,
  placeInStack,
  type Reader,
  sectionsOf,
} from './finding.ts'

// The label of a project precedes the path: with colours between spaces, as is the
// word FAIL, and else no more than words without a slash.
const file = /^ ?FAIL +(?:.+? {2}|[^/]* )?(.+?\.[cm]?[jt]sx?)(?: \(.*\))?$/
const title = /^ {2}● (.+)$/
const pointer = /^ *> *(\d+) \|/

/** Reads the failures of Jest's report. */
export const readJest: Reader = (output) => {
  const found = sectionsOf(output.split('\n'), (line) => /^ ?(FAIL|PASS) /.test(line)).flatMap(
    ([head, ...lines]) => {
      const name = file.exec(head)?.[1]
      if (name === undefined) return []
      return sectionsOf(lines, (line) => title.test(line)).map((part) => findingOf(name, part))
    },
  )
  // If there are many, Jest repeats them all at the end.
  return [...new Map(found.map((finding) => [JSON.stringify(finding), finding])).values()]
}

function findingOf(name: string, [head, ...lines]: readonly [string, ...string[]]): Finding {
  const message = `${title.exec(head)?.[1]}: ${firstWords(lines)}`
  const shown = lines.flatMap((text) => pointer.exec(text)?.[1] ?? [])[0]
  return { ...(placeInStack(lines) ?? { file: name, ...lineOf(shown) }), message }
}

import { type Finding, firstWords, placeInStack, type Reader, sectionsOf } from './finding.ts'

const place = /^test at (.+):(\d+):(\d+)$/
const title = /^✖ (.+?)(?: \([\d.]+ms\))?$/

/** Reads the failures at the end of the report by node:test's spec reporter. */
export const readNodeTest: Reader = (output) =>
  sectionsOf(output.split('\n'), (line) => place.test(line)).map(findingOf)

function findingOf([head, name = '', ...lines]: readonly [string, ...string[]]): Finding {
  const [, file = '', line, column] = place.exec(head) ?? []
  const message = `${title.exec(name)?.[1] ?? name}: ${firstWords(lines)}`
  const own = placeInStack(lines) ?? { file, line: Number(line), column: Number(column) }
  return { ...own, message }
}

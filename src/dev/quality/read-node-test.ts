import { type Finding, firstWords, placeInStack, type Reader, sectionsOf } from './finding.ts'

const place = /^test at (.+):(\d+):(\d+)$/
const title = /^✖ (.+?)(?: \([\d.]+ms\))?$/

/** Reads what the spec reporter of node:test says of failures at its end. */
export const readNodeTest: Reader = (output) =>
  sectionsOf(output.split('\n'), (line) => place.test(line)).map(findingOf)

function findingOf([head, name = '', ...lines]: readonly [string, ...string[]]): Finding {
  const [, file = '', line, column] = place.exec(head) ?? []
  const message = `${title.exec(name)?.[1] ?? name}: ${firstWords(lines)}`
  const own = placeInStack(lines) ?? { file, line: Number(line), column: Number(column) }
  return { ...own, message }
}

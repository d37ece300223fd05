import type { Reader } from './finding.ts'

const plain = /^(\S.*)\((\d+),(\d+)\): error (TS\d+): (.+)$/
const pretty = /^(\S.*):(\d+):(\d+) - error (TS\d+): (.+)$/

/** Reads the errors of the TypeScript compiler in both of its layouts. */
export const readTsc: Reader = (output) =>
  output.split('\n').flatMap((text) => {
    const match = plain.exec(text) ?? pretty.exec(text)
    if (match === null) return []
    const [, file = '', line, column, rule = '', message = ''] = match
    return { file, line: Number(line), column: Number(column), message, rule }
  })

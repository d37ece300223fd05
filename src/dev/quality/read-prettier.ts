import { lineOf, type Reader } from './finding.ts'

const differs = /^\[warn\] (\S.*\.\w+)$/
const broken = /^\[error\] (\S.*?): (\w*Error: .+?)(?: \((\d+):(\d+)\))?$/

/** Reads Prettier's report, which names files; only where it cannot read one it names a line. */
export const readPrettier: Reader = (output) =>
  output.split('\n').flatMap((text) => {
    const file = differs.exec(text)?.[1]
    if (file !== undefined) return { file, message: 'The formatting differs.' }
    const [, wrong, message = '', line, column] = broken.exec(text) ?? []
    if (wrong === undefined) return []
    return {
      file: wrong,
      ...lineOf(line),
      message,
      ...(column === undefined ? {} : { column: Number(column) }),
    }
  })

import { type Reader, sectionsOf, worst } from './finding.ts'

const row = /^ +(\d+):(\d+) +(error|warning) +(.+)$/
const isFile = (line: string) => /^\S.*\.\w+$/.test(line)

/** Reads what ESLint prints unless it is told otherwise: a file, and a line each fault below it. */
export const readEslint: Reader = (output) =>
  worst(
    sectionsOf(output.split('\n'), isFile).flatMap(([file, ...lines]) =>
      lines.flatMap((text) => {
        const [, line, column, level, rest] = row.exec(text) ?? []
        if (rest === undefined) return []
        const [message = '', rule] = rest.trim().split(/ {2,}/)
        return {
          file,
          line: Number(line),
          column: Number(column),
          message,
          ...(rule === undefined ? {} : { rule }),
          isWarning: level === 'warning',
        }
      }),
    ),
  )

import { type Reader, sectionsOf, worst } from './finding.ts'

const verdict = /^ {2}([x×!⚠]) (?:([\w@/-]+\([\w@/-]+\)): )?(.+)$/
const place = /^ *(?:,-|╭─)\[(.+):(\d+):(\d+)\]$/

/** Reads oxlint's report: a verdict, then a piece of the file with its place above it. */
export const readOxlint: Reader = (output) =>
  worst(
    sectionsOf(output.split('\n'), (line) => verdict.test(line)).flatMap(([head, ...lines]) => {
      const [, mark, rule, message = ''] = verdict.exec(head) ?? []
      const at = lines.map((line) => place.exec(line)).find((match) => match !== null)
      if (at === undefined || at === null) return []
      const [, file = '', line, column] = at
      return {
        file,
        line: Number(line),
        column: Number(column),
        message,
        ...(rule === undefined ? {} : { rule }),
        isWarning: mark === '!' || mark === '⚠',
      }
    }),
  )

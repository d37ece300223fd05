import { type Finding, lineOf, type Reader, worst } from './finding.ts'

const header = /^(.+?)(?::(\d+):(\d+))? ([\w/-]+)(?: {2}FIXABLE)? *━*$/
const verdict = /^ {2}([×✖!⚠]) (.+)$/
const changed = /^ +(\d+)(?: +\d+)? +│ [-+] /

/** Reads Biome's own report, the same for rules, imports and layout. */
export const readBiome: Reader = (output) => {
  const lines = output.split('\n')
  return worst(
    lines.flatMap((line, index) => {
      const [, file = '', row, column, rule = ''] = header.exec(line) ?? []
      const [, mark, message = ''] = verdict.exec(lines[index + 2] ?? '') ?? []
      if (file === '' || mark === undefined) return []
      return { ...placed(file, row, column, lines.slice(index + 3)), message, rule, ...grade(mark) }
    }),
  ).map(readable)
}

const grade = (mark: string) => ({ isWarning: mark === '!' || mark === '⚠' })

/** A formatting difference has no place; its first differing line serves as one. */
function placed(
  file: string,
  row: string | undefined,
  column: string | undefined,
  below: readonly string[],
) {
  if (row !== undefined) return { file, line: Number(row), column: Number(column) }
  const end = below.findIndex((line) => header.test(line) && line.includes('━'))
  const diff = end === -1 ? below : below.slice(0, end)
  return { file, ...lineOf(diff.flatMap((line) => changed.exec(line)?.[1] ?? [])[0]) }
}

function readable(finding: Finding): Finding {
  const isLayout = finding.message.startsWith('Formatter would have printed')
  return isLayout ? { ...finding, message: 'The formatting differs from here on.' } : finding
}

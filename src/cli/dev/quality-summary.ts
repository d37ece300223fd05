import type { ChalkInstance } from 'chalk'
import type { Finding } from '../../dev/quality/finding.ts'
import { outcomeOf, type Result } from '../../dev/quality/quality.ts'
import { share } from './quality-share.ts'
import { cut, cutStart, type Row, rowLine } from './quality-table.ts'

interface Look {
  readonly colors: ChalkInstance
  readonly width: number | undefined
}

interface Whole {
  readonly results: readonly Result[]
  readonly seconds: number
  readonly fix: boolean
}

const mostFindings = 20

/** The report at the end: the table, the places of the faults, what to do. */
export function summaryLines(whole: Whole, look: Look): readonly string[] {
  const { results, seconds } = whole
  const total = { name: 'total', state: outcomeOf(results), seconds }
  const rows = [...results.map(rowOf), total].map((row) => rowLine(row, look))
  const parts = [rows, reasonLines(results, look), findingLines(results, look), advice(whole, look)]
  return parts.filter(({ length }) => length > 0).flatMap((part) => ['', ...part])
}

/** The line of a check that is over; one that was not run took no time. */
export function rowOf({ name, outcome, exitCode, seconds, note }: Result): Row {
  return { name, state: outcome, seconds: exitCode === null ? undefined : seconds, note }
}

function reasonLines(results: readonly Result[], { colors }: Look): readonly string[] {
  return results.flatMap(({ name, outcome, message }) =>
    message === undefined
      ? []
      : `${colors[outcome === 'failed' ? 'red' : 'yellow'](name)}: ${message}`,
  )
}

function findingLines(results: readonly Result[], look: Look): readonly string[] {
  const failed = results.filter(({ findings }) => findings.length > 0)
  const shown = share(
    failed.map(({ findings }) => findings),
    mostFindings,
  )
  return failed.flatMap(({ name, findings }, index) => {
    const some = shown[index] ?? []
    const more = findings.length - some.length
    return [
      look.colors.bold(name),
      ...some.flatMap((finding) => findingLine(finding, look)),
      ...(more > 0 ? [look.colors.dim(`  … and ${more} more`)] : []),
    ]
  })
}

/** A message with less room than this beside its place goes on the next line. */
const leastMessage = 30

/** The place whole, as far as the terminal has room for it, and as much of the message as fits. */
function findingLine({ rule, ...finding }: Finding, { colors, width }: Look): readonly string[] {
  const place = `  ${placeOf(finding)}`
  const message = rule === undefined ? finding.message : `${finding.message} (${rule})`
  const room = width === undefined ? undefined : width - place.length - 1
  if (width === undefined || room === undefined || room >= Math.min(leastMessage, message.length)) {
    return [`${colors.cyan(place)} ${cut(message, room)}`]
  }
  return [
    `  ${colors.cyan(cutStart(placeOf(finding), width - 2))}`,
    `    ${cut(message, width - 4)}`,
  ]
}

function placeOf({ file, line, column }: Finding): string {
  return [file, line, column].filter((part) => part !== undefined).join(':')
}

function advice({ results, fix }: Whole, { colors }: Look): readonly string[] {
  const failed = results.filter(({ outcome }) => outcome === 'failed').map(({ name }) => name)
  if (outcomeOf(results) === 'cancelled') return [colors.yellow('Cancelled.')]
  if (failed.length === 0) return []
  if (fix) return ['Everything that could be fixed is fixed.', `Left: ${failed.join(', ')}.`]
  const fixable = results.filter(
    ({ name, outcome, exitCode }) =>
      outcome === 'failed' && exitCode !== null && (name === 'lint' || name === 'format'),
  )
  if (fixable.length === 0) return []
  const names = fixable.map(({ name }) => name).join(' and ')
  return [`To fix ${names} automatically:`, `  ${colors.cyan('create-service dev quality --fix')}`]
}

import type { ChalkInstance } from 'chalk'
import type { FileChange, Rendered } from '../model/change.ts'
import type { Io } from '../model/io.ts'
import type { Plan } from '../model/plan.ts'
import type { Report, View } from '../model/view.ts'
import { refusalText } from './refusal-text.ts'

type Out = (line: string) => void

/** With more lines than this a count per folder is clearer. */
const longestList = 40

interface Colors {
  readonly out: ChalkInstance
  readonly err: ChalkInstance
}

/** Shows a run as text: results on stdout, progress on stderr. */
export function textView(io: Io, colors: Colors, quiet: boolean): View {
  const out = (line: string) => {
    if (!quiet) io.out(`${line}\n`)
  }
  const warn = ({ warnings }: Rendered) => {
    for (const warning of warnings) io.err(`${colors.err.yellow(`! ${warning}`)}\n`)
  }
  let isPreviewed = false
  return {
    preview: async (plan, rendered, whole) => {
      isPreviewed = true
      for (const notice of plan.notices) out(colors.out.cyan(notice))
      warn(rendered)
      if (whole) io.out(await coloredDiff(rendered, colors.out))
      else for (const line of changeLines(rendered, colors.out)) out(line)
    },
    progress: (line) => {
      if (!quiet) io.err(`${colors.err.dim(`… ${line}`)}\n`)
    },
    report: async (report) => {
      if (!isPreviewed) warn(report.rendered)
      reportEnd(report, io, colors, out)
    },
  }
}

function reportEnd(report: Report, io: Io, colors: Colors, out: Out): void {
  const { plan, rendered, outcome, followUps } = report
  const ends: Record<Report['outcome'], () => void> = {
    refused: () => {
      io.err(rendered.refusals.map((refusal) => refusalText(refusal, colors.err)).join('\n'))
      io.err(`${colors.err.red('Nothing was written.')}\n`)
    },
    present: () => out(`Nothing to do: ${plan.whenPresent ?? 'everything is there already.'}`),
    planned: () => out(`${countsOf(rendered)}. Nothing was written.`),
    failed: () => {
      const messages = followUps.flatMap(({ message }) => message ?? [])
      for (const message of messages) io.err(`${colors.err.red(message)}\n`)
      nextSteps(plan.next, out)
    },
    applied: () => {
      for (const { message } of followUps) {
        if (message !== undefined) io.err(`${colors.err.yellow(`! ${message}`)}\n`)
      }
      out(`${colors.out.green('Done')}: ${countsOf(rendered)}.`)
      for (const line of plan.result ?? []) out(line)
      if (!plan.goesOn) nextSteps(plan.next, out)
    },
  }
  ends[outcome]()
}

/** Shows what to type next. */
export function nextSteps(next: Plan['next'], out: Out): void {
  if (next.length === 0) return
  out('Next:')
  for (const line of next) out(`  ${line}`)
}

/** Records are compressed text: here they are counted, and the JSON document has them in full. */
function isShown({ path }: FileChange): boolean {
  return !path.startsWith('.create-service/')
}

/** One line per file, or per folder if there are many. */
function changeLines({ changes }: Rendered, colors: ChalkInstance): readonly string[] {
  const shown = changes.filter(isShown)
  if (shown.length <= longestList) {
    return shown.map(({ kind, path }) => `${paint(kind, colors)} ${path}`)
  }
  const counts = new Map<string, number>()
  for (const { kind, path } of shown) {
    const line = `${paint(kind, colors)} ${path.replace(/\/.*$/, '/')}`
    counts.set(line, (counts.get(line) ?? 0) + 1)
  }
  return [...counts].map(([line, count]) => (count === 1 ? line : `${line} (${count} files)`))
}

function paint(kind: FileChange['kind'], colors: ChalkInstance): string {
  return { create: colors.green, update: colors.yellow, delete: colors.red }[kind](kind)
}

function countsOf({ changes }: Rendered): string {
  const count = (kind: FileChange['kind'], verb: string) => {
    const number = changes.filter((change) => change.kind === kind && isShown(change)).length
    return number === 0 ? [] : [`${number} ${number === 1 ? 'file' : 'files'} ${verb}`]
  }
  const counts = [
    ...count('create', 'created'),
    ...count('update', 'updated'),
    ...count('delete', 'deleted'),
  ]
  return counts.length === 0 ? 'records updated' : counts.join(', ')
}

/** Loads the library for diffs only when one is shown. */
async function coloredDiff({ changes }: Rendered, colors: ChalkInstance): Promise<string> {
  const { unifiedDiff } = await import('../changes/diff.ts')
  const records = changes.filter((change) => !isShown(change)).length
  const noted = records === 0 ? '' : `${recordsText(records)} under .create-service/\n`
  const diff = changes
    .filter(isShown)
    .map(unifiedDiff)
    .join('')
    .replace(/^(.).*$/gm, (line, first: string) => {
      if (/^(---|\+\+\+) /.test(line)) return colors.bold(line)
      if (first === '+') return colors.green(line)
      if (first === '-') return colors.red(line)
      return first === '@' ? colors.cyan(line) : line
    })
  return diff + colors.dim(noted)
}

function recordsText(count: number): string {
  return count === 1 ? '1 record' : `${count} records`
}

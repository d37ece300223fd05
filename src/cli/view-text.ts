import type { ChalkInstance } from 'chalk'
import type { FileChange, Rendered } from '../model/change.ts'
import type { Io } from '../model/io.ts'
import type { Plan } from '../model/plan.ts'
import type { Report, View } from '../model/view.ts'
import { refusalText } from './refusal-text.ts'

type Out = (line: string) => void

/** More lines than this say less than a count by folder. */
const longestList = 40

/** Shows a run as text: results on stdout, what is under way on stderr. */
export function textView(io: Io, colors: ChalkInstance, quiet: boolean): View {
  const out = (line: string) => {
    if (!quiet) io.out(`${line}\n`)
  }
  return {
    preview: async (plan, rendered, whole) => {
      for (const notice of plan.notices) out(colors.cyan(notice))
      if (whole) io.out(await coloredDiff(rendered, colors))
      else for (const line of changeLines(rendered, colors)) out(line)
    },
    progress: (line) => io.err(`${colors.dim(`… ${line}`)}\n`),
    report: async (report) => {
      for (const warning of report.rendered.warnings) io.err(`${colors.yellow(`! ${warning}`)}\n`)
      reportEnd(report, io, colors, out)
    },
  }
}

function reportEnd(report: Report, io: Io, colors: ChalkInstance, out: Out): void {
  const { plan, rendered, outcome, followUps } = report
  const ends: Record<Report['outcome'], () => void> = {
    refused: () => {
      io.err(rendered.refusals.map((refusal) => refusalText(refusal, colors)).join('\n'))
      io.err(`${colors.red('Nothing was written.')}\n`)
    },
    present: () => out('Nothing to do: everything is there already.'),
    planned: () => out(`${countsOf(rendered)}. Nothing was written.`),
    failed: () => {
      const messages = followUps.flatMap(({ message }) => message ?? [])
      for (const message of messages) io.err(`${colors.red(message)}\n`)
    },
    applied: () => {
      out(`${colors.green('Done')}: ${countsOf(rendered)}.`)
      nextSteps(plan, out)
    },
  }
  ends[outcome]()
}

function nextSteps({ next }: Plan, out: Out): void {
  if (next.length === 0) return
  out('Next:')
  for (const line of next) out(`  ${line}`)
}

/** Records of ours are in the diff, and not worth a line beside the files. */
function isNoRecord({ path }: FileChange): boolean {
  return !path.startsWith('.create-service/')
}

/** A line a file, or a line a folder where there are many. */
function changeLines({ changes }: Rendered, colors: ChalkInstance): readonly string[] {
  const shown = changes.filter(isNoRecord)
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
    const number = changes.filter((change) => change.kind === kind && isNoRecord(change)).length
    return number === 0 ? [] : [`${number} ${number === 1 ? 'file' : 'files'} ${verb}`]
  }
  return [
    ...count('create', 'created'),
    ...count('update', 'updated'),
    ...count('delete', 'deleted'),
  ].join(', ')
}

/** The library for diffs is loaded for those who look at one. */
async function coloredDiff({ changes }: Rendered, colors: ChalkInstance): Promise<string> {
  const { unifiedDiff } = await import('../changes/diff.ts')
  return changes
    .map(unifiedDiff)
    .join('')
    .replace(/^(.).*$/gm, (line, first: string) => {
      if (/^(---|\+\+\+) /.test(line)) return colors.bold(line)
      if (first === '+') return colors.green(line)
      if (first === '-') return colors.red(line)
      return first === '@' ? colors.cyan(line) : line
    })
}

import type { Facts } from '../../dev/facts.ts'
import { installed } from '../../dev/installed.ts'
import { checkEnvironment, checksOf } from '../../dev/quality/check.ts'
import { outcomeOf, quality, type Result } from '../../dev/quality/quality.ts'
import { exitCodes, UserError } from '../../errors.ts'
import { supervise } from '../../system/supervisor.ts'
import { appendDurably } from '../../system/writing.ts'
import type { Session } from '../session.ts'
import { openDisplay } from './quality-display.ts'
import { annotations, fileInWorkspace, stepSummary } from './quality-github.ts'
import { qualityDocument } from './quality-json.ts'
import { summaryLines } from './quality-summary.ts'

/** Runs the checks of a project, shows how they go and how they ended; gives the exit code. */
export async function runQuality(facts: Facts, session: Session, fix: boolean): Promise<number> {
  const { io, json } = session
  const color = (json ? session.colors.err : session.colors.out).level > 0
  const checks = checksOf(facts, { fix, color, installed })
  const absent = checks.flatMap(({ command }) => (command instanceof UserError ? [command] : []))
  // One error is clearer than four lines.
  const [missing] = absent.filter(({ code }) => code === 'NOT_INSTALLED')
  if (absent.length === checks.length && missing !== undefined) throw missing
  const supervisor = supervise()
  const display = openDisplay(checks, session)
  const start = io.now().getTime()
  try {
    const results = await quality(facts.root, checks, {
      run: (command) => supervisor.run(command, checkEnvironment(color)),
      isCancelled: supervisor.isCancelled,
      now: io.now,
      started: display.started,
      ended: display.ended,
    })
    display.close()
    const seconds = (io.now().getTime() - start) / 1000
    report({ results, seconds, fix }, session)
    if (io.env.GITHUB_ACTIONS === 'true') tellGithub(facts.root, results, seconds, session)
    return codes[outcomeOf(results)]
  } finally {
    display.close()
    supervisor.close()
  }
}

const codes = {
  passed: exitCodes.done,
  failed: exitCodes.failed,
  cancelled: exitCodes.cancelled,
} as const

interface Whole {
  readonly results: readonly Result[]
  readonly seconds: number
  readonly fix: boolean
}

function report(whole: Whole, { io, json, quiet, colors }: Session): void {
  if (json) {
    io.out(`${JSON.stringify(qualityDocument(whole.results, whole.seconds), null, 2)}\n`)
  } else if (!quiet || outcomeOf(whole.results) !== 'passed') {
    const lines = summaryLines(whole, { colors: colors.out, width: io.columns })
    io.out(lines.map((line) => `${line}\n`).join(''))
  }
}

/** Its annotations are commands on an output; with `--json` stdout is the document's alone. */
function tellGithub(
  root: string,
  results: readonly Result[],
  seconds: number,
  { io, json }: Session,
): void {
  const print = json ? io.err : io.out
  const lines = annotations(results, fileInWorkspace(root, io.env.GITHUB_WORKSPACE))
  for (const line of lines) print(`${line}\n`)
  const page = io.env.GITHUB_STEP_SUMMARY
  if (!page) return
  try {
    appendDurably(page, stepSummary(results, seconds))
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    io.err(`! The step summary was not written: ${reason}\n`)
  }
}

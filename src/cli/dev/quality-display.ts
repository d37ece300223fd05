import { randomUUID } from 'node:crypto'
import type { Check } from '../../dev/quality/check.ts'
import type { Result } from '../../dev/quality/quality.ts'
import { withoutColors } from '../../dev/quality/reading.ts'
import type { Task } from '../../dev/tools/tool-kinds.ts'
import type { Session } from '../session.ts'
import { quoted } from './quality-github.ts'
import { openLive } from './quality-live.ts'
import { rowOf } from './quality-summary.ts'
import { type Row, rowLine } from './quality-table.ts'

/** Shows how the checks go on: what they print in the order of the checks, each as soon as it may. */
export interface Display {
  started(name: Task): void
  ended(result: Result): void
  close(): void
}

export function openDisplay(checks: readonly Check[], session: Session): Display {
  const { io, json, quiet } = session
  const starts = new Map<Task, number>()
  const results = new Map<Task, Result>()
  const rowNow = ({ name }: Check): Row => {
    const result = results.get(name)
    if (result !== undefined) return rowOf(result)
    const start = starts.get(name)
    if (start === undefined) return { name, state: 'waiting', seconds: undefined }
    return { name, state: 'running', seconds: (io.now().getTime() - start) / 1000 }
  }
  const isLive = io.liveColumns !== undefined && !quiet
  const live = isLive
    ? openLive({
        write: io.err,
        lines: (frame) =>
          checks.map((check) =>
            // In the last column some terminals begin a new line.
            rowLine(rowNow(check), {
              colors: session.colors.err,
              width: (io.liveColumns ?? 80) - 1,
              frame,
            }),
          ),
      })
    : undefined
  const print = printer(session, !isLive && !json && !quiet)
  const waiting = [...checks]
  const printDue = () => {
    for (let [check] = waiting; check !== undefined; [check] = waiting) {
      const result = results.get(check.name)
      if (result === undefined) return
      waiting.shift()
      print(result)
    }
  }
  return {
    started: (name) => {
      starts.set(name, io.now().getTime())
      if (live !== undefined) live.draw()
      else if (!quiet) io.err(`… ${name}\n`)
    },
    ended: (result) => {
      results.set(result.name, result)
      if (live === undefined) printDue()
      else live.above(printDue)
    },
    close: () => live?.end(),
  }
}

/** Prints what a failed check printed; with `rows` also a line for each check. */
function printer({ io, json, colors }: Session, rows: boolean): (result: Result) => void {
  const [out, paint] = json ? [io.err, colors.err] : [io.out, colors.out]
  const isOnGithub = io.env.GITHUB_ACTIONS === 'true'
  return (result) => {
    const { name, outcome, output } = result
    if (outcome === 'failed' && output.trim() !== '') {
      const text = `${(paint.level > 0 ? output : withoutColors(output)).replace(/^\n+|\s+$/g, '')}\n`
      out(`${paint.bold(`── ${name}`)}\n${isOnGithub ? quoted(text, randomUUID()) : text}\n`)
    }
    if (rows) out(`${rowLine(rowOf(result), { colors: paint, width: io.columns })}\n`)
  }
}

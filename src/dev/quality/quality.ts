import { isAbsolute, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { exitCodes, UserError } from '../../errors.ts'
import type { Command } from '../../model/plan.ts'
import { shellText } from '../../options/shell-text.ts'
import type { Task } from '../tools/tool-kinds.ts'
import type { Check } from './check.ts'
import type { Finding } from './finding.ts'
import { readFindings, readNote } from './reading.ts'

export type Outcome = 'passed' | 'failed' | 'skipped' | 'cancelled'

/** How a check ended. */
export interface Result {
  readonly name: Task
  readonly outcome: Outcome
  /** Nothing for a check that was not run. */
  readonly exitCode: number | null
  readonly seconds: number
  /** The words of the command; empty where the project has no such tool. */
  readonly command: string
  /** Why it could not be run, and what to do about it. */
  readonly message?: string
  /** The tool's own figures, for example "412 passed". */
  readonly note?: string
  readonly findings: readonly Finding[]
  readonly output: string
}

export interface Tools {
  /** Runs a command to its end. */
  run(command: Command): Promise<{ readonly exitCode: number; readonly output: string }>
  isCancelled(): boolean
  now(): Date
  started(name: Task): void
  ended(result: Result): void
}

/**
 * Runs every check, also after one has failed: those that write first, one after another, then all
 * others beside each other. Gives the results in the order of the checks.
 */
export async function quality(
  root: string,
  checks: readonly Check[],
  tools: Tools,
): Promise<readonly Result[]> {
  const results = new Map<Check, Result>()
  const conclude = async (check: Check) => {
    const result = await runCheck(root, check, tools)
    results.set(check, result)
    tools.ended(result)
  }
  for (const check of checks.filter(({ writes }) => writes)) await conclude(check)
  const others = await Promise.allSettled(checks.filter(({ writes }) => !writes).map(conclude))
  const broken = others.find(({ status }) => status === 'rejected')
  if (broken?.status === 'rejected') throw broken.reason
  return checks.flatMap((check) => results.get(check) ?? [])
}

/** Cancelled if one was; failed if one failed, or if none could be run. */
export function outcomeOf(results: readonly Result[]): Exclude<Outcome, 'skipped'> {
  const has = (outcome: Outcome) => results.some((result) => result.outcome === outcome)
  if (has('cancelled')) return 'cancelled'
  return has('failed') || !has('passed') ? 'failed' : 'passed'
}

async function runCheck(
  root: string,
  { name, tool, command }: Check,
  tools: Tools,
): Promise<Result> {
  const untold = { name, exitCode: null, seconds: 0, command: '', findings: [], output: '' }
  if (command instanceof UserError) return { ...untold, ...reasonOf(command) }
  const words = shellText([command.program, ...command.args])
  if (tools.isCancelled()) return { ...untold, command: words, outcome: 'cancelled' }
  tools.started(name)
  const start = tools.now().getTime()
  const ended = await runOrReason(command, tools)
  if (ended instanceof UserError) return { ...untold, command: words, ...reasonOf(ended) }
  const seconds = (tools.now().getTime() - start) / 1000
  const outcome = outcomeOfRun(ended.exitCode, tools.isCancelled())
  const note = readNote(ended.output)
  const found = outcome === 'failed' ? readFindings(tool, ended.output) : []
  return {
    ...ended,
    name,
    outcome,
    seconds,
    command: words,
    ...(note === undefined ? {} : { note }),
    findings: found.map((finding) => ({
      ...finding,
      file: placeIn(root, command.cwd, finding.file),
    })),
  }
}

async function runOrReason(command: Command, tools: Tools) {
  try {
    return await tools.run(command)
  } catch (error) {
    // The other checks run all the same.
    if (error instanceof UserError) return error
    throw error
  }
}

function outcomeOfRun(exitCode: number, isCancelled: boolean): Outcome {
  if (exitCode === exitCodes.done) return 'passed'
  return isCancelled ? 'cancelled' : 'failed'
}

/** A project may do without a tool, but not without installing one that it asks for. */
const mayLack = ['NO_TOOL', 'UNSUPPORTED']

function reasonOf({ code, message, hint }: UserError): Pick<Result, 'outcome' | 'message'> {
  return {
    outcome: mayLack.includes(code) ? 'skipped' : 'failed',
    message: hint === undefined ? message : `${message} ${hint}`,
  }
}

/** A file as tools write it, relative to the project. */
function placeIn(root: string, cwd: string, file: string): string {
  const path = file.startsWith('file://') ? fileURLToPath(file) : resolve(cwd, file)
  const place = relative(root, path)
  return isAbsolute(place) ? path : place.replaceAll('\\', '/')
}

import { exitCodes } from '../errors.ts'
import type { Command } from '../model/plan.ts'
import { resolveQuality } from './resolve.ts'

/** One check, and how it ended. */
export interface CheckResult {
  readonly name: string
  readonly exitCode: number
  readonly seconds: number
}

interface Tools {
  /** Runs a command with the user's terminal and gives its exit code. */
  run(command: Command): Promise<number>
  now(): Date
  started(name: string): void
}

/** Runs every check, also after one has failed. */
export async function quality(root: string, tools: Tools): Promise<readonly CheckResult[]> {
  const results: CheckResult[] = []
  for (const { name, command } of resolveQuality(root)) {
    tools.started(name)
    const start = tools.now().getTime()
    const exitCode = await tools.run(command)
    results.push({ name, exitCode, seconds: (tools.now().getTime() - start) / 1000 })
    if (exitCode === exitCodes.cancelled) break
  }
  return results
}

/** 0 if all passed, 130 if one was cancelled, else 1. */
export function qualityCode(results: readonly CheckResult[]): number {
  if (results.some(({ exitCode }) => exitCode === exitCodes.cancelled)) return exitCodes.cancelled
  return results.every(({ exitCode }) => exitCode === 0) ? exitCodes.done : exitCodes.failed
}

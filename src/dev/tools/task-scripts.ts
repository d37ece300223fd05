import type { Facts } from '../facts.ts'
import { commandsIn, type ScriptCommand } from './script-words.ts'
import type { Task, ToolKind } from './tool-kinds.ts'

/** A script of package.json that does what a task is for. */
export interface TaskScript {
  readonly name: string
  readonly text: string
}

/** How a script runs a tool. */
export interface Usage {
  /** The command of the tool, where it can be told without a shell. */
  readonly command: ScriptCommand | undefined
  /** Whether that command is all there is to it. */
  readonly isWhole: boolean
  /** Whether words added to the script reach the tool. */
  readonly isLast: boolean
  /** Whether it runs the tool more than once, so that words added reach one run only. */
  readonly isRepeated: boolean
}

/** The names that scripts for a task go by, the usual one first. */
export const scriptNames = {
  lint: ['lint'],
  format: ['format', 'fmt'],
  formatCheck: ['format:check', 'check:format', 'format-check', 'fmt:check', 'check-format'],
  typecheck: ['typecheck', 'type-check', 'check-types', 'types', 'tsc'],
  test: ['test'],
} as const

const namesOf: Readonly<Record<Task, readonly string[]>> = {
  ...scriptNames,
  format: [...scriptNames.format, ...scriptNames.formatCheck],
}

/** The scripts of the project's own package for a task. */
export function scriptsFor(facts: Facts, task: Task): readonly TaskScript[] {
  return scriptsCalled(facts, namesOf[task])
}

/** Of these names the scripts that do something of their own: one that calls this program would come back here. */
export function scriptsCalled(facts: Facts, names: readonly string[]): readonly TaskScript[] {
  const { scripts = {} } = facts.levels[0].package
  return names.flatMap((name) => {
    const text = scripts[name]
    return text === undefined || /\bcreate-service\b|\bno test specified\b/.test(text)
      ? []
      : [{ name, text }]
  })
}

/** Whether a tool's program is among the words of a script. */
export function mentions(text: string, { id, program }: ToolKind): boolean {
  if (id === 'node:test') return /(^|[\s/])(node|tsx)\s([^|;&]*\s)?--test(?=$|[\s;&|])/.test(text)
  return new RegExp(`(^|[\\s/;&|("'])${program}(\\.js)?(?=$|[\\s;&|)"'])`).test(text)
}

/** How a script of the project runs a tool; nothing where it does not. */
export function usageOf(facts: Facts, script: TaskScript, kind: ToolKind): Usage | undefined {
  if (!mentions(script.text, kind)) return undefined
  const commands = commandsIn(script.text, () => facts.sources)
  const command = commands?.find((one) => runs(one, kind))
  const pieces = script.text.split(/&&|;/)
  const last = pieces.at(-1) ?? ''
  return {
    command,
    isWhole: command !== undefined && commands?.length === 1 && !hasHooks(facts, script.name),
    isLast: mentions(last, kind) && !/[|<>&]/.test(last),
    isRepeated: pieces.filter((piece) => mentions(piece, kind)).length > 1,
  }
}

function runs({ program, args, assignments }: ScriptCommand, kind: ToolKind): boolean {
  if (assignments.length > 0) return false
  if (kind.id === 'node:test') return /^(node|tsx)$/.test(program) && args.includes('--test')
  return program === kind.program
}

/** Package managers run scripts before and after one, which may be what it needs. */
function hasHooks(facts: Facts, name: string): boolean {
  const { scripts = {} } = facts.levels[0].package
  return scripts[`pre${name}`] !== undefined || scripts[`post${name}`] !== undefined
}

const runners =
  /^(npm|npx|pnpm|pnpx|yarn|bun|bunx|turbo|nx|lerna|wireit|make|run-[sp]|npm-run-all)$/

/** The program of a tool that this program does not know; nothing for one that only runs others. */
export function strangerIn({ text }: TaskScript): string | undefined {
  const commands = commandsIn(text, () => [])
  const program = commands?.[0]?.program
  return commands?.length !== 1 || program === undefined || runners.test(program)
    ? undefined
    : program
}

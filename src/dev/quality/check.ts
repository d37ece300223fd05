import { UserError } from '../../errors.ts'
import type { Command } from '../../model/plan.ts'
import type { Facts } from '../facts.ts'
import { resolveTest } from '../test/resolve-test.ts'
import { resolveFormat } from '../tools/resolve-format.ts'
import { resolveLint } from '../tools/resolve-lint.ts'
import { resolveTypecheck } from '../tools/resolve-typecheck.ts'
import { type Task, type ToolId, tasks } from '../tools/tool-kinds.ts'
import { toolFor } from '../tools/tools.ts'

/** One of the checks, or why it cannot be run. */
export interface Check {
  readonly name: Task
  /** Whether it writes: then nothing may run beside it, and what follows sees what it wrote. */
  readonly writes: boolean
  /** The tool behind the command, if it is one that this program knows. */
  readonly tool: ToolId | undefined
  readonly command: Command | UserError
}

interface Choice {
  /** Whether to apply fixes. */
  readonly fix: boolean
  /** Whether the tools' output may have colours. */
  readonly color: boolean
  /** Gives a command back if its program is there, else throws. */
  installed(command: Command): Command
}

const resolvers: Readonly<Record<Task, (facts: Facts, fix: boolean) => Command>> = {
  lint: (facts, fix) => resolveLint(facts, { fix }),
  format: (facts, fix) => resolveFormat(facts, { check: !fix }),
  typecheck: (facts) => resolveTypecheck(facts),
  test: (facts) => resolveTest(facts),
}

/** The checks of a project, in the order in which they are always listed. */
export function checksOf(facts: Facts, { fix, color, installed }: Choice): readonly Check[] {
  const resolve = (name: Task, writes: boolean) =>
    attempt(() => installed(colored(resolvers[name](facts, writes), color)))
  return tasks.map((name) => {
    const tool = attempt(() => toolFor(facts, name))
    const id = tool instanceof UserError ? undefined : tool.kind?.id
    if (fix && (name === 'lint' || name === 'format')) {
      const command = resolve(name, true)
      // A script of an unknown tool can only be run as it is.
      if (!isUnsupported(command)) return { name, writes: true, tool: id, command }
    }
    return { name, writes: false, tool: id, command: resolve(name, false) }
  })
}

function isUnsupported(command: Command | UserError): boolean {
  return command instanceof UserError && command.code === 'UNSUPPORTED'
}

function attempt<T>(work: () => T): T | UserError {
  try {
    return work()
  } catch (error) {
    if (error instanceof UserError) return error
    throw error
  }
}

/** These look at the terminal and not at the environment, which tells all others. */
function colored(command: Command, color: boolean): Command {
  const { program, args } = command
  if (program === 'biome')
    return { ...command, args: [...args, `--colors=${color ? 'force' : 'off'}`] }
  if (program === 'tsc') return { ...command, args: [...args, '--pretty', String(color)] }
  // Without a terminal it speaks to programs, until Node 23.
  const isBare = !args.some((arg) => arg.startsWith('--test-reporter'))
  if (/^(node|tsx)$/.test(program) && args.includes('--test') && isBare) {
    return { ...command, args: ['--test-reporter=spec', ...args] }
  }
  return command
}

/** The environment of a check: colours as here, and no word to GitHub but this program's. */
export function checkEnvironment(color: boolean): Readonly<Record<string, string | undefined>> {
  return {
    FORCE_COLOR: color ? '1' : undefined,
    NO_COLOR: color ? undefined : '1',
    GITHUB_ACTIONS: undefined,
    GITHUB_STEP_SUMMARY: undefined,
  }
}

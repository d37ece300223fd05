import { relative } from 'node:path'
import { UserError } from '../../errors.ts'
import type { Facts, Level } from '../facts.ts'
import { addingCommand } from './package-words.ts'
import { mentions, scriptsFor, strangerIn, type TaskScript } from './task-scripts.ts'
import { suggested, type Task, type ToolKind, tasks, toolKinds } from './tool-kinds.ts'

export { type Task, tasks } from './tool-kinds.ts'

/** The tool of a task: one that this program can lead, or only a script that runs another. */
export type Tool =
  | { readonly kind: ToolKind; readonly name: string; readonly from: string }
  | {
      readonly kind: undefined
      readonly name: string
      readonly from: string
      readonly script: TaskScript
    }

/** The tool that a project has for a task, or how to get one. */
export interface ToolRow {
  readonly task: Task
  /** As people write it, for example "Biome"; nothing where the project has none. */
  readonly tool: string | undefined
  /** Where it was found, for example "devDependencies", "../package.json" or "script test". */
  readonly from: string | undefined
  /** How to get one, if there is none: "npm install --save-dev @biomejs/biome". */
  readonly hint: string | undefined
}

/** One row a task, in the order of `tasks`. */
export function toolsOf(facts: Facts): readonly ToolRow[] {
  return tasks.map((task) => {
    const tool = findTool(facts, task)
    return {
      task,
      tool: tool?.name,
      from: tool?.from,
      hint: tool === undefined ? addingCommand(facts, suggested[task]) : undefined,
    }
  })
}

const missing: Readonly<Record<Task, string>> = {
  lint: 'no linter',
  format: 'no formatter',
  typecheck: 'no TypeScript',
  test: 'no test runner',
}

/** @throws a UserError with code NO_TOOL where the project has none */
export function toolFor(facts: Facts, task: Task): Tool {
  const tool = findTool(facts, task)
  if (tool !== undefined) return tool
  throw new UserError({
    code: 'NO_TOOL',
    message: `This project has ${missing[task]}.`,
    hint: `Add one, for example: ${addingCommand(facts, suggested[task])}`,
  })
}

/** The tool that a script of the task runs takes precedence over one that is only present. */
function findTool(facts: Facts, task: Task): Tool | undefined {
  const scripts = scriptsFor(facts, task)
  const named = scripts.flatMap((script) => {
    const kind = kindsFor(task).find((one) => mentions(script.text, one))
    return kind === undefined ? [] : [{ script, kind }]
  })[0]
  if (named !== undefined) {
    const { kind, script } = named
    return { kind, name: kind.name, from: placeOf(facts, kind) ?? `script ${script.name}` }
  }
  const [script] = scripts
  if (script === undefined) return presentTool(facts, task)
  const stranger = strangerIn(script)
  const from = `script ${script.name}`
  if (stranger !== undefined) return { kind: undefined, name: stranger, from, script }
  const name = script.text.split(/\s/)[0] ?? script.name
  return presentTool(facts, task) ?? { kind: undefined, name, from, script }
}

function kindsFor(task: Task): readonly ToolKind[] {
  return toolKinds.filter((kind) => kind.tasks.includes(task))
}

/** The project's own package counts before the folders above it, a declared tool before a configured one. */
function presentTool(facts: Facts, task: Task): Tool | undefined {
  for (const level of facts.levels) {
    const declared = kindsFor(task).filter((kind) => fieldOf(level, kind) !== undefined)
    const configured = kindsFor(task).filter((kind) => configIn(level, kind) !== undefined)
    const kind = declared.find((one) => configured.includes(one)) ?? declared[0] ?? configured[0]
    const from = kind === undefined ? undefined : placeOf(facts, kind)
    if (kind !== undefined && from !== undefined) return { kind, name: kind.name, from }
  }
  return undefined
}

function placeOf({ root, levels }: Facts, kind: ToolKind): string | undefined {
  for (const level of levels) {
    const above =
      level.folder === root ? '' : `${relative(root, level.folder).replaceAll('\\', '/')}/`
    const field = fieldOf(level, kind)
    if (field !== undefined) return above === '' ? field : `${above}package.json`
    const config = configIn(level, kind)
    if (config !== undefined) return `${above}${config}`
  }
  return undefined
}

const fields = ['devDependencies', 'dependencies', 'peerDependencies'] as const

function fieldOf(level: Level, { dependency }: ToolKind): string | undefined {
  if (dependency === undefined) return undefined
  return fields.find((field) => level.package[field]?.[dependency] !== undefined)
}

function configIn(level: Level, { config }: ToolKind): string | undefined {
  return config && level.names.find((name) => config.test(name))
}

/** The range in which the project, or else a folder above it, asks for a package. */
export function rangeOf({ levels }: Facts, dependency: string): string | undefined {
  return levels.flatMap((level) =>
    fields.flatMap((field) => level.package[field]?.[dependency] ?? []),
  )[0]
}

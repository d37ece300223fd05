import type { Command } from 'commander'
import { features } from '../features/index.ts'
import { offered } from '../features/selection.ts'
import type { Project } from '../model/project.ts'
import { packageAt } from '../project/package.ts'
import { openProject } from '../project/project.ts'
import { findRoot } from '../project/root.ts'
import { wrap } from './dev/layout.ts'
import { ownGroups } from './project.command.ts'
import type { Session } from './session.ts'

interface Row {
  readonly group: string
  /** The words after `create-service`. */
  readonly command: string
  readonly summary: string
}

/** Lists what can be done in the project around the folder; gives false if there is none. */
export async function showCommands(program: Command, session: Session): Promise<boolean> {
  const { cwd, io, json, colors } = session
  const root = findRoot(cwd)
  if (root === undefined) return false
  const project = await openProject(cwd)
  const rows = program.commands.flatMap((command) => rowsOf(command, project))
  if (json) {
    const commands = rows.map(({ command, summary }) => ({ command, summary }))
    io.out(`${JSON.stringify({ root, kind: project.kind, commands }, null, 2)}\n`)
    return true
  }
  const width = Math.max(...rows.map(({ command }) => command.length))
  const groups = [...new Set(rows.map(({ group }) => group))]
  const parts = groups.map((group) => {
    const own = rows.filter((row) => row.group === group)
    const lines = own.map((row) => lineOf(row, width, io.columns, colors.out.dim))
    return [group, ...lines].join('\n')
  })
  io.out(
    `${[
      fitted(titleOf(project), io.columns),
      ...parts,
      fitted('Help with examples: create-service help <command>', io.columns),
      fitted('A new service: create-service ./<dir>', io.columns),
    ].join('\n\n')}\n`,
  )
  return true
}

function fitted(text: string, columns: number | undefined): string {
  return columns === undefined ? text : wrap(text, columns)
}

/** Narrower than this, a summary goes below its command. */
const roomy = 72

function lineOf(
  { command, summary }: Row,
  width: number,
  columns: number | undefined,
  dim: (text: string) => string,
): string {
  const isNarrow = columns !== undefined && columns < roomy
  const indent = ' '.repeat(isNarrow ? 4 : width + 4)
  const text = columns === undefined ? indent + summary : wrap(summary, columns, indent)
  const shown = dim(text.slice(indent.length))
  return isNarrow ? `  ${command}\n${indent}${shown}` : `  ${command.padEnd(width)}  ${shown}`
}

function titleOf({ root, ...project }: Project): string {
  const name = packageAt(root)?.name ?? root
  return project.kind === 'service'
    ? `${name} was created by create-service. Run create-service with one of these:`
    : `${name} uses Fastify. Run create-service with one of these:`
}

/** The commands of a group with their arguments; nothing that this project has no use for. */
function rowsOf(command: Command, project: Project): readonly Row[] {
  const name = command.name()
  const group = command.helpGroup()
  const present = project.kind === 'service' ? project.manifest.features : []
  if (name === 'add' || name === 'features') {
    const missing = offered(features).filter(({ id }) => !present.includes(id))
    if (project.kind !== 'service' || (name === 'add' && missing.length === 0)) return []
    if (name === 'features') return [{ group, command: name, summary: command.description() }]
    const ids = missing.map(({ id }) => id).join(', ')
    return [{ group, command: 'add <feature...>', summary: `add features: ${ids}` }]
  }
  const own = ownGroups.find((one) => one.name === name)
  if (own !== undefined) {
    const isThere =
      project.kind === 'service' && (own.feature === '' || present.includes(own.feature))
    return isThere ? [{ group, command: `${name} …`, summary: own.summary }] : []
  }
  const isList = name === 'generate' || name === 'dev'
  if (!isList) return [{ group, command: wordsOf(command), summary: command.description() }]
  return command.commands
    .filter((sub) => project.kind === 'service' || sub.name() !== 'migration')
    .map((sub) => ({ group, command: `${name} ${wordsOf(sub)}`, summary: sub.description() }))
}

function wordsOf(command: Command): string {
  if (command.commands.length > 0) return `${command.name()} …`
  const words = command.registeredArguments.map((argument) => {
    const dots = argument.variadic ? '...' : ''
    return argument.required ? `<${argument.name()}${dots}>` : `[${argument.name()}${dots}]`
  })
  return [command.name(), ...words].join(' ')
}

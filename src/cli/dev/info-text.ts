import type { ChalkInstance } from 'chalk'
import type { Info } from '../../dev/info/info.ts'
import { plain, wrap } from './layout.ts'

type Line = readonly [label: string, value: string, isWanting?: boolean]

/** The facts about a project, a line each; on a narrow terminal the value goes below its name. */
export function infoText(info: Info, columns: number | undefined, colors: ChalkInstance): string {
  const variables = info.environment?.map(variableLine)
  const parts = [
    block(projectLines(info), columns, colors),
    block(toolLines(info), columns, colors),
  ]
  if (variables !== undefined) {
    parts.push(variables.length > 0 ? block(variables, columns, colors) : 'No variables.\n')
  }
  return parts.join('\n')
}

function projectLines(info: Info): readonly Line[] {
  const { packageManager, createService, project, fastify } = info
  const manager = packageManager.version ?? '(not found)'
  const lock = packageManager.lockFile ?? 'no lock file'
  const kind =
    project.kind === 'service' ? 'created by create-service' : 'not created by create-service'
  return [
    ['project', `${plain(project.name)}, ${kind}`],
    ['root', project.root],
    ['node', `${info.node} on ${info.platform}`],
    [
      'packages',
      `${packageManager.name} ${manager}, ${lock}`,
      packageManager.version === undefined,
    ],
    ['create-service', toolText(createService)],
    ['fastify', fastifyText(fastify), fastify.installed === undefined],
    ...(project.kind === 'service'
      ? [['features', info.features.join(', ') || 'none'] satisfies Line]
      : []),
    ['generated', unitsText(info.units)],
    ...(project.isInstalled
      ? []
      : [['installed', `nothing yet: ${packageManager.name} install`, true] satisfies Line]),
  ]
}

function toolText({ version, installed, recorded }: Info['createService']): string {
  const others = [
    installed === undefined || installed === version ? [] : [`${installed} in node_modules`],
    recorded === undefined || recorded === version ? [] : [`written by ${recorded}`],
  ].flat()
  return others.length === 0 ? version : `${version} (${others.join(', ')})`
}

function fastifyText({ asked, installed }: Info['fastify']): string {
  if (installed === undefined) return `${plain(asked ?? '')} (not installed)`.trim()
  return asked === undefined || asked === installed ? installed : `${installed} (${plain(asked)})`
}

function unitsText(units: Info['units']): string {
  const counts = Object.entries(units).map(([kind, number]) => {
    const plural = kind === 'middleware' ? 'middlewares' : `${kind}s`
    return `${number} ${number === 1 ? kind : plural}`
  })
  return counts.join(', ') || 'nothing'
}

function toolLines({ tools }: Info): readonly Line[] {
  return tools.map(({ task, tool, from, hint }) => {
    if (tool === undefined) return [task, hint === undefined ? 'none' : `none: ${hint}`, true]
    return [task, from === undefined ? tool : `${tool} (${from})`]
  })
}

function variableLine({ name, value, source }: NonNullable<Info['environment']>[number]): Line {
  if (value === undefined) return [name, '(unset)']
  return [name, source === 'environment' ? plain(value) : `${plain(value)} (${source})`]
}

/** Narrower than this, names and values beside each other are a column of scraps. */
const roomy = 60

function block(lines: readonly Line[], columns: number | undefined, colors: ChalkInstance): string {
  const width = Math.max(...lines.map(([label]) => label.length))
  const isNarrow = columns !== undefined && columns < roomy
  const indent = isNarrow ? '  ' : ' '.repeat(width + 2)
  return lines
    .map(([label, value, isWanting]) => {
      const text = columns === undefined ? indent + value : wrap(value, columns, indent)
      const painted = isWanting
        ? colors.yellow(text.slice(indent.length))
        : text.slice(indent.length)
      const head = isNarrow
        ? `${colors.dim(label)}\n  `
        : `${colors.dim(label)}${' '.repeat(width + 2 - label.length)}`
      return `${head}${painted}\n`
    })
    .join('')
}

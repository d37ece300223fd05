import type { ChalkInstance } from 'chalk'
import type { Dependency } from '../../dev/deps/deps.ts'
import { plain, wrap } from './layout.ts'

const kinds: Readonly<Record<Dependency['kind'], string>> = {
  dependencies: '',
  devDependencies: 'dev',
  optionalDependencies: 'optional',
  peerDependencies: 'peer',
}

interface Row {
  readonly of: Dependency
  readonly cells: readonly string[]
}

/** The dependencies as the widest table that fits: with their kind, without it, or as a block each. */
export function dependencyTable(
  dependencies: readonly Dependency[],
  columns: number | undefined,
  colors: ChalkInstance,
): string {
  const width = columns ?? 120
  const whole = tableOf(dependencies, ['name', 'kind', 'installed', 'wanted', 'latest', 'state'])
  const short = tableOf(dependencies, ['name', 'installed', 'wanted', 'latest', 'state'])
  const fitting = [whole, short].find((table) => widthOf(table) <= width)
  const head = fitting === undefined ? [] : [colors.dim(fitting.head.trimEnd())]
  const lines = dependencies.flatMap((of, at) => {
    const text = fitting?.lines[at] ?? blockOf(of, width)
    return [paint(of, text.trimEnd(), colors), ...warningOf(of, width, colors)]
  })
  return [...head, ...lines].map((line) => `${line}\n`).join('')
}

type Column = 'name' | 'kind' | 'installed' | 'wanted' | 'latest' | 'state'

interface Table {
  readonly head: string
  readonly lines: readonly string[]
}

function tableOf(dependencies: readonly Dependency[], columns: readonly Column[]): Table {
  const rows: Row[] = dependencies.map((of) => ({ of, cells: columns.map((one) => cell(of, one)) }))
  // A path or an address is in place of the versions, and makes no column wider.
  const last = columns.indexOf('wanted')
  const counts = ({ of }: Row, at: number) => of.source === 'registry' || at < last
  const widths = columns.map((column, at) =>
    Math.max(
      column.length,
      ...rows.filter((row) => counts(row, at)).map(({ cells }) => (cells[at] ?? '').length),
    ),
  )
  const line = (cells: readonly string[]) =>
    cells.map((text, at) => text.padEnd(widths[at] ?? 0)).join('  ')
  return { head: line(columns), lines: rows.map(({ cells }) => line(cells)) }
}

function widthOf({ head, lines }: Table): number {
  return Math.max(...[head, ...lines].map((line) => line.trimEnd().length))
}

function cell(of: Dependency, column: Column): string {
  const texts: Record<Column, string> = {
    name: of.name,
    kind: kinds[of.kind],
    installed: of.installed ?? 'missing',
    wanted: of.wanted ?? plain(of.range),
    latest: of.latest ?? (of.source === 'local' ? '' : '?'),
    state: of.isOutdated ? 'outdated' : '',
  }
  return texts[column]
}

/** For narrow terminals: the name, and its versions below it. */
function blockOf(of: Dependency, width: number): string {
  const kind = kinds[of.kind]
  const title = kind === '' ? of.name : `${of.name} (${kind})`
  const wanted = cell(of, 'wanted') === of.installed ? '' : `, wanted ${cell(of, 'wanted')}`
  const latest = of.source === 'local' ? '' : `, latest ${cell(of, 'latest')}`
  const state = of.isOutdated ? ', outdated' : ''
  return `${title}\n${wrap(`${cell(of, 'installed')}${wanted}${latest}${state}`, width, '  ')}`
}

function paint(of: Dependency, text: string, colors: ChalkInstance): string {
  if (of.installed === undefined && of.kind !== 'peerDependencies') return colors.red(text)
  return of.isOutdated ? colors.yellow(text) : text
}

function warningOf(of: Dependency, width: number, colors: ChalkInstance): readonly string[] {
  if (of.deprecated === undefined) return []
  const text = wrap(`deprecated: ${plain(of.deprecated)}`, width, '  ')
  return text.split('\n').map((line) => colors.red(line))
}

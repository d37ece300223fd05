import { RefusedError } from '../errors.ts'
import type { Registration } from '../generators/generator.ts'
import { registerStatement } from '../generators/plugin/register.ts'
import { specifierOf } from '../generators/specifier.ts'
import type { EnsureImport, Op, Order } from '../model/op.ts'
import type { Habits, Place, Site } from '../model/place.ts'
import type { EditStep } from '../model/step.ts'
import type { Unit, UnitId } from '../model/unit.ts'
import type { Aliases } from '../project/aliases.ts'

/** What `--into` says: a file and a function, instance or list in it. */
export type Into = Pick<Site, 'path' | 'within'>

/**
 * The edits that make the app know a plugin: an import and a registration; none where a loader
 * takes up the folder.
 * @throws {RefusedError} with the lines to paste, where there is no spot for them
 */
export function registrationSteps(
  unit: UnitId,
  { file, name, prefix, order: asked, place }: Registration,
  habits: Habits,
  maps: Aliases,
): readonly EditStep[] {
  if (place.by === 'loader') return []
  const { site, unplaced } = place
  const path = site?.path ?? unplaced?.file ?? 'src/app.ts'
  const aliases = maps.of(file)
  const order = withPatterns(asked, maps.patterns)
  const imported: EnsureImport = {
    op: 'ensureImport',
    name,
    from: specifierOf(path, file, habits.specifierEnding),
    ...(habits.module === 'commonjs' ? { require: true } : {}),
    ...(aliases.length === 0 ? {} : { aliases }),
  }
  const statement = registerStatement(name, prefix)
  const isScript = habits.module === 'commonjs'
  const paste = `${importLine(imported)}\n${isScript ? statement.replace('await ', '') : statement}`
  if (site === undefined) {
    throw new RefusedError([
      { code: 'NO_ANCHOR', message: `${name} has no place.`, ...unplaced, snippet: paste },
    ])
  }
  const within = site.within === undefined ? {} : { within: site.within }
  if (site.isList === true && prefix !== undefined) {
    const message = `A list of plugins has no room for the prefix of ${name}.`
    throw new RefusedError([{ code: 'NO_ANCHOR', file: path, message, snippet: paste }])
  }
  const op: Op =
    site.isList === true
      ? { op: 'ensureListItem', list: site.within ?? '', name, item: name, order }
      : { op: 'ensureStatement', ...within, name, statement, order }
  return [
    { kind: 'edit', unit, path, op: imported, paste },
    { kind: 'edit', unit, path, op, paste },
  ]
}

/** What the maps of the project lead to is its own as well. */
function withPatterns(order: Order, own: readonly string[]): Order {
  const isOpen = typeof order === 'object' && 'beforeOwn' in order && own.length > 0
  return isOpen ? { ...order, own } : order
}

/** A place as it is recorded: without what is found anew each time. */
export function lastingPlace({ unplaced: _, filters: __, instead: ___, ...place }: Place): Place {
  return place
}

/** Where a unit that was generated before is registered. */
export function registrationOf({ edits }: Unit): Into | undefined {
  for (const { path, op } of edits) {
    if (op.op === 'ensureListItem') return { path, within: op.list }
    if (op.op === 'ensureStatement') {
      return { path, ...(op.within === undefined ? {} : { within: op.within }) }
    }
  }
  return undefined
}

function importLine({ name, from, require }: EnsureImport): string {
  return require === true ? `const ${name} = require('${from}')` : `import ${name} from '${from}'`
}

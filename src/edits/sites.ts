import type { ts } from 'ts-morph'
import { type Autoload, autoloads } from './autoload.ts'
import type { Holder } from './holders.ts'
import { callsOn, routesOn } from './instance-bodies.ts'
import { instanceNames } from './instance-names.ts'
import { survey } from './instances.ts'
import { lineNumber } from './lines.ts'
import { instanceParameters } from './parameters.ts'
import { pluginLists } from './plugin-lists.ts'
import { inlineModule } from './presence.ts'
import { parse, type Source, syntaxError } from './source-file.ts'

export type { Autoload } from './autoload.ts'

/** A spot of a file at which plugins can be registered. */
export interface FastifySite {
  /** What `within` of an op, or `list` of a list item, and `--into <file>#<name>` take. */
  readonly name: string
  /** One-based. */
  readonly line: number
  readonly kind: 'variable' | 'field' | 'parameter' | 'list' | 'imported'
  /** How many calls of `.register` are on it, conditional ones included; the items of a list. */
  readonly registers: number
  /** How many routes are added to it directly, as in `app.get('/', handler)`. */
  readonly routes: number
  /** Whether it listens in this file: then the file starts a server. */
  readonly listens: boolean
  /** Specifiers that are registered without a name, as in `app.register(require('./u'))`. */
  readonly inline: readonly string[]
}

/** What the syntax of one file tells about Fastify. */
export interface FastifySites {
  /** Instances that the file builds. */
  readonly instances: readonly FastifySite[]
  /** Exported functions that are handed an instance; the name is that of the function. */
  readonly parameters: readonly FastifySite[]
  /** Arrays of plugins that a loop registers. */
  readonly lists: readonly FastifySite[]
  readonly autoloads: readonly Autoload[]
  /** Whether an instance is built that no variable holds: there nothing can be put in. */
  readonly chain: boolean
  /** The file has a syntax error, so all that is found may be wrong. */
  readonly parseError?: { readonly line: number; readonly message: string }
}

/**
 * Finds where plugins are registered in a file, by its syntax alone.
 *
 * @param path from the project's root; it serves the choice of the language and the folders of
 *   autoloads, nothing is read
 */
export function fastifySites(path: string, text: string): FastifySites {
  const source = parse({ path, text: text.replace(/^\uFEFF/, '') })
  const { instances, loose } = survey(source)
  const names = instanceNames(source, instances)
  // A parameter whose default builds the instance holds one of those.
  const isBuilt = (node: ts.Node) =>
    instances.some(({ holders }) => holders.some((holder) => holder.node === node))
  const handed = instanceParameters(source).filter(({ parameter }) => !isBuilt(parameter))
  const error = syntaxError(source)
  return {
    instances: instances.map((instance) => ({
      ...describedSite(source, instance.builds[0], instance.holders),
      name: names.get(instance) ?? instance.label,
      kind: instance.isField ? 'field' : 'variable',
    })),
    parameters: handed.map(({ fn, parameter }) => ({
      ...describedSite(source, fn.node, [{ node: parameter }]),
      name: fn.name,
      kind: 'parameter',
    })),
    lists: pluginLists(source).map(({ name, literal }) => ({
      ...describedSite(source, literal, []),
      name,
      kind: 'list',
      registers: literal.elements.length,
    })),
    autoloads: autoloads(source),
    chain: loose.length > 0,
    ...(error === undefined
      ? {}
      : { parseError: { line: lineNumber(source.text, error.at), message: error.message } }),
  }
}

/** What the calls on an instance tell of a spot, at the line of a node. */
export function describedSite(
  source: Source,
  node: ts.Node | undefined,
  holders: readonly Holder[],
): Pick<FastifySite, 'line' | 'registers' | 'routes' | 'listens' | 'inline'> {
  const registers = callsOn(source, holders)
  return {
    line: node === undefined ? 1 : lineNumber(source.text, node.getStart(source.file)),
    registers: registers.length,
    routes: routesOn(source, holders).length,
    listens: callsOn(source, holders, 'listen').length > 0,
    inline: registers.flatMap(({ arguments: [plugin] }) => (plugin && inlineModule(plugin)) ?? []),
  }
}

import type { ts } from 'ts-morph'
import type { EnsureStatement } from '../model/op.ts'
import type { StatementCall } from './calls.ts'
import { functionSpot } from './function-spot.ts'
import { blockOf, findFunction } from './functions.ts'
import { importedInstances } from './imported-instances.ts'
import { callsOn } from './instance-bodies.ts'
import { classOf, instanceNames } from './instance-names.ts'
import { type Instance, survey } from './instances.ts'
import { type InstanceParameter, instanceParameters } from './parameters.ts'
import { pluginLists } from './plugin-lists.ts'
import { candidate, type Refused, refused } from './refuse.ts'
import type { Source } from './source-file.ts'
import { instanceSpot, parameterSpot, type Spot } from './spots.ts'

/** Finds where a statement goes: by name, or else at the only Fastify instance of the file. */
export function findSpot(source: Source, op: EnsureStatement, call: StatementCall): Spot | Refused {
  if (op.within === undefined) return onlySpot(source, op, call)
  const fn = findFunction(source, op.within, op.statement)
  if (fn !== undefined) return 'state' in fn ? fn : functionSpot(source, fn, op, call)
  const { instances } = survey(source)
  const names = instanceNames(source, instances)
  const named = instances.filter((instance) => names.get(instance) === op.within)
  const alike = instances.filter(
    (instance) => instance.label === op.within || classOf(instance) === op.within,
  )
  const found = named.length > 0 ? named : alike
  const [first = importedAs(source, op.within)] = found
  if (first === undefined) {
    const message = `There is no function, instance or class "${op.within}" to put this in.`
    return refused(source, 'NO_ANCHOR', { message, snippet: op.statement })
  }
  return found.length > 1 ? several(source, op, found) : spotOrRefusal(source, op, first)
}

/** The instance of another module that the file calls so. */
function importedAs(source: Source, name: string): Instance | undefined {
  return importedInstances(source).find(({ label }) => label === name)
}

function onlySpot(source: Source, op: EnsureStatement, call: StatementCall): Spot | Refused {
  const { instances, loose } = survey(source)
  const [instance] = instances
  if (instance !== undefined) {
    return instances.length > 1
      ? several(source, op, instances)
      : spotOrRefusal(source, op, instance)
  }
  const parameters = instanceParameters(source)
  const busy = parameters.filter(({ parameter }) => callsOn(source, [{ node: parameter }])[0])
  const [parameter, rival] = busy.length === 1 ? busy : parameters
  if (parameter !== undefined) {
    return rival === undefined
      ? ofParameter(source, op, parameter)
      : severalFunctions(source, op, parameters)
  }
  return nowhere(source, op, call, loose[0])
}

function spotOrRefusal(source: Source, op: EnsureStatement, instance: Instance): Spot | Refused {
  const { order } = op
  const isEarly = typeof order === 'object' && 'beforeOwn' in order
  const spot = instanceSpot(source, instance, isEarly)
  if (spot !== undefined) return spot
  const message = `There are no statements around the Fastify instance "${instance.label}".`
  const at = instance.builds[0]?.getStart(source.file)
  return refused(source, 'NO_ANCHOR', { message, at, snippet: op.statement })
}

function ofParameter(
  source: Source,
  op: EnsureStatement,
  { fn, parameter }: InstanceParameter,
): Spot | Refused {
  const block = blockOf(fn.node)
  if (block !== undefined) return parameterSpot(source, { node: fn.node, block }, parameter)
  const message = `The function "${fn.name}" has no body in braces.`
  const at = fn.node.getStart(source.file)
  return refused(source, 'NO_ANCHOR', { message, at, snippet: op.statement })
}

function several(source: Source, op: EnsureStatement, instances: readonly Instance[]): Refused {
  const names = instanceNames(source, survey(source).instances)
  const places = instances.map((instance) => ({
    name: names.get(instance) ?? instance.label,
    at: instance.builds[0]?.getStart(source.file) ?? 0,
  }))
  return ambiguous(source, op, `There are ${places.length} Fastify instances here.`, places)
}

function severalFunctions(
  source: Source,
  op: EnsureStatement,
  parameters: readonly InstanceParameter[],
): Refused {
  const places = parameters.map(({ fn }) => ({
    name: fn.name,
    at: fn.node.getStart(source.file),
  }))
  const message = `There are ${places.length} functions here that are handed a Fastify instance.`
  return ambiguous(source, op, message, places)
}

function ambiguous(
  source: Source,
  op: EnsureStatement,
  message: string,
  places: readonly { readonly name: string; readonly at: number }[],
): Refused {
  const names = places.map(({ name }) => name)
  const flags = names
    .filter((name) => names.indexOf(name) === names.lastIndexOf(name))
    .map((name) => `--into ${source.path}#${name}`)
  return refused(source, 'AMBIGUOUS', {
    message,
    at: places[0]?.at,
    snippet: op.statement,
    candidates: places.map(({ name, at }) => `${candidate(source, at)} ${name}`),
    ...(flags.length === 0 ? {} : { hint: `Choose one with ${flags.join(' or ')}.` }),
  })
}

function nowhere(
  source: Source,
  op: EnsureStatement,
  call: StatementCall,
  chain: ts.Node | undefined,
): Refused {
  const [list] = pluginLists(source)
  if (list !== undefined) {
    return refused(source, 'NO_ANCHOR', {
      message: `Plugins are registered from the list "${list.name}" here, not by a statement each.`,
      at: list.literal.getStart(source.file),
      snippet: op.name,
      hint: `Choose the list with --into ${source.path}#${list.name}.`,
    })
  }
  if (chain !== undefined) {
    return refused(source, 'NO_ANCHOR', {
      message: 'No variable holds the Fastify instance that is built here.',
      at: chain.getStart(source.file),
      snippet: op.statement.slice(call.rootAt + (call.root?.getText(call.source.file).length ?? 0)),
      hint: 'Put this at the end of its chain of calls, then run the command again.',
    })
  }
  const message =
    'No Fastify instance was found here: neither a variable or field that a call of "fastify" is ' +
    'assigned to, nor an exported function with a parameter of type FastifyInstance, nor a list ' +
    'of plugins that a loop registers.'
  return refused(source, 'NO_ANCHOR', { message, snippet: op.statement })
}

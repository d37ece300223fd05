import { type UnitHead, type UnitId, unitId } from '../../model/unit.ts'
import { kebabOf, singularName } from '../../options/names.ts'

interface ResolvedName {
  readonly name: string
  /** What is recorded of a resource of that name. */
  readonly unit: UnitHead | undefined
  readonly notices: readonly string[]
}

/**
 * The name of the resource that is meant. A plural means its singular, unless a resource is recorded
 * under the plural itself, or `--plural` gives another plural.
 */
export function resolveName(
  asked: string,
  plural: string | undefined,
  recorded: (id: UnitId) => UnitHead | undefined,
): ResolvedName {
  const unitOf = (name: string) => recorded(unitId({ kind: 'resource', name: kebabOf(name) }))
  const unit = unitOf(asked)
  const one = unit === undefined && plural === undefined ? singularName(asked) : undefined
  if (one === undefined) return { name: asked, unit, notices: [] }
  const notices = [`${asked} is a plural: the resource is called ${one}.`]
  return { name: one, unit: unitOf(one), notices }
}

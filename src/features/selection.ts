import { usageError } from '../errors.ts'
import type { Selection } from '../options/selection.ts'
import type { Feature } from './feature.ts'

/** The features of a new service. Throws a usage error where the selection contradicts itself. */
export function selectFeatures(
  { preset, features, without }: Selection,
  registry: readonly Feature[],
): readonly Feature[] {
  for (const id of without) featureOf(id, registry)
  const both = features.find((id) => without.includes(id))
  if (both !== undefined) {
    throw usageError(`${both} is both chosen and left out.`, 'Name it in --features or --without.')
  }
  const fromPreset = preset === 'minimal' ? [] : offered(registry).map((feature) => feature.id)
  const wanted = [...fromPreset, ...features].filter((id) => !without.includes(id))
  const selected = resolveFeatures(wanted, registry)
  const contradicted = selected.find(({ id }) => without.includes(id))
  if (contradicted !== undefined) {
    throw usageError(
      `${contradicted.id} is left out, and a chosen feature requires it.`,
      `Leave ${contradicted.id} in, or leave out what requires it too.`,
    )
  }
  return selected
}

/**
 * The given features and everything they require, in the order of the registry.
 * Throws a usage error for an unknown feature, and for two that exclude each other.
 */
export function resolveFeatures(
  ids: readonly string[],
  registry: readonly Feature[],
): readonly Feature[] {
  const wanted = new Set<string>()
  const visit = (id: string) => {
    if (wanted.has(id)) return
    wanted.add(id)
    for (const required of featureOf(id, registry).requires) visit(required)
  }
  for (const id of ids) visit(id)
  const selected = registry.filter((feature) => wanted.has(feature.id))
  for (const feature of selected) refuseConflict(feature, wanted)
  return selected
}

/** What people choose from; the others come in where one of these requires them. */
export function offered(registry: readonly Feature[]): readonly Feature[] {
  return registry.filter((feature) => !feature.internal)
}

function featureOf(id: string, registry: readonly Feature[]): Feature {
  const feature = registry.find((candidate) => candidate.id === id)
  if (feature !== undefined) return feature
  throw usageError(
    `Unknown feature: ${id}.`,
    `Features: ${offered(registry)
      .map((candidate) => candidate.id)
      .join(', ')}.`,
  )
}

function refuseConflict(feature: Feature, wanted: ReadonlySet<string>): void {
  const conflict = feature.conflicts.find((id) => wanted.has(id))
  if (conflict !== undefined) {
    throw usageError(`${feature.id} and ${conflict} can't be combined.`, 'Choose one of them.')
  }
}

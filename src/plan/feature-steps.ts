import type { Contribution, Feature } from '../features/feature.ts'
import type { Answers } from '../model/project.ts'
import type { EditStep, Step } from '../model/step.ts'
import { type UnitId, unitId } from '../model/unit.ts'
import { versions } from '../versions.ts'
import { overrideEdit } from './overrides.ts'
import { templateData } from './template-data.ts'

/**
 * What it takes to bring the features `added` in, where `all` are the features there then: their
 * own files and edits first, then what one feature contributes to a file that another one brings.
 */
export function featureSteps(
  added: readonly Feature[],
  all: readonly Feature[],
  answers: Answers,
): readonly Step[] {
  const isAdded = (id: string) => added.some((feature) => feature.id === id)
  const isPresent = (id: string) => all.some((feature) => feature.id === id)
  const crossing = all.flatMap((feature) =>
    feature.contributions
      .filter(({ owner }) => owner !== undefined && isPresent(owner))
      .filter(({ owner }) => isAdded(feature.id) || isAdded(owner ?? ''))
      .map((contribution) => contributionStep(feature, contribution, answers)),
  )
  return [...added.flatMap((feature) => ownSteps(feature, answers)), ...crossing]
}

function ownSteps(feature: Feature, answers: Answers): readonly Step[] {
  const head = { kind: 'feature', name: feature.id, args: {} } as const
  const unit = unitId(head)
  return [
    { kind: 'unit', unit: head },
    { kind: 'render', unit, from: `features/${feature.id}`, data: templateData(answers) },
    ...packageEdits(feature, unit, answers),
    ...feature.contributions
      .filter(({ owner }) => owner === undefined)
      .map((contribution) => contributionStep(feature, contribution, answers)),
  ]
}

function contributionStep(
  feature: Feature,
  { path, op, text }: Contribution,
  answers: Answers,
): EditStep {
  const unit = unitId({ kind: 'feature', name: feature.id })
  const step = { kind: 'edit', unit, path, op } as const
  if (text === undefined) return step
  return {
    ...step,
    text: `contributions/${feature.id}/${text}`,
    data: templateData(answers),
  }
}

function packageEdits(feature: Feature, unit: UnitId, answers: Answers): readonly EditStep[] {
  const property = (group: string) => (name: string) =>
    ({
      kind: 'edit',
      unit,
      path: 'package.json',
      op: { op: 'ensureJson', path: [group, name], value: versionOf(name), sorted: true },
    }) as const
  return [
    ...feature.dependencies.map(property('dependencies')),
    ...feature.devDependencies.map(property('devDependencies')),
    ...feature.overrides.map((override) => ({
      kind: 'edit' as const,
      unit,
      ...overrideEdit(override, answers.packageManager),
    })),
  ]
}

function versionOf(name: string): string {
  const version = versions[name]
  if (version === undefined) throw new Error(`versions.ts has no version of ${name}`)
  return version
}

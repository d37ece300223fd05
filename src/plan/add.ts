import type { Feature } from '../features/feature.ts'
import { resolveFeatures } from '../features/selection.ts'
import type { FollowUp, Plan } from '../model/plan.ts'
import type { Manifest, Project, Service } from '../model/project.ts'
import type { Step } from '../model/step.ts'
import { installCommand, managerOf, toolWords } from '../project/package-manager.ts'
import { featureSteps } from './feature-steps.ts'

interface AddOptions {
  readonly features: readonly string[]
  readonly install: boolean
}

/** Brings features, and what they require, into a project. Present ones are completed. */
export function planAdd(
  { features, install }: AddOptions,
  project: Service,
  registry: readonly Feature[],
): Plan {
  const { steps, pulledIn } = additionSteps(features, project, registry)
  return {
    command: 'add',
    root: project.root,
    steps,
    followUps: install ? [installOf(project)] : [],
    notices: pulledIn.map((id) => `${id} comes in because it is required.`),
    next: [`${toolWords(project.manifest.answers.packageManager)} dev quality`],
  }
}

/** The steps of an addition, for every command that needs features, and what it pulls in unasked. */
export function additionSteps(
  ids: readonly string[],
  project: Service,
  registry: readonly Feature[],
): { readonly steps: readonly Step[]; readonly pulledIn: readonly string[] } {
  const { answers, features: before } = project.manifest
  const added = resolveFeatures(ids, registry)
  const all = resolveFeatures([...before, ...added.map(({ id }) => id)], registry)
  const steps: readonly Step[] = [
    { kind: 'manifest', set: withFeatures(project.manifest, all) },
    ...featureSteps(added, all, answers),
  ]
  const pulledIn = added
    .map(({ id }) => id)
    .filter((id) => !ids.includes(id) && !before.includes(id))
  return { steps, pulledIn }
}

/** The install that a changed package.json asks for. */
export function installOf(project: Project): FollowUp {
  return { kind: 'install', command: installCommand(managerOf(project), project.root) }
}

function withFeatures(manifest: Manifest, features: readonly Feature[]): Manifest {
  return { ...manifest, features: features.map(({ id }) => id) }
}

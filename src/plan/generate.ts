import type { Feature } from '../features/feature.ts'
import type { Generated } from '../generators/generator.ts'
import type { Plan } from '../model/plan.ts'
import type { Project } from '../model/project.ts'
import type { Step } from '../model/step.ts'
import { unitId } from '../model/unit.ts'
import { additionSteps, installOf } from './add.ts'

interface GenerateOptions {
  /** The noun: `resource`. */
  readonly noun: string
  readonly install: boolean
}

/** Writes a generated thing and wires it in; features that it needs come first. */
export function planGenerate(
  generated: Generated,
  { noun, install }: GenerateOptions,
  project: Project,
  registry: readonly Feature[],
): Plan {
  const missing = generated.requires.filter((id) => !project.manifest.features.includes(id))
  const addition =
    missing.length === 0 ? { steps: [], pulledIn: [] } : additionSteps(missing, project, registry)
  return {
    command: `generate ${noun}`,
    root: project.root,
    steps: [...addition.steps, ...ownSteps(generated, noun)],
    followUps: install ? [installOf(project)] : [],
    notices: [...missing, ...addition.pulledIn].map(
      (id) => `The feature ${id} is added, because a ${noun} needs it.`,
    ),
    next: ['npx create-service dev quality'],
  }
}

function ownSteps({ head, folders, data, wiring }: Generated, noun: string): readonly Step[] {
  const unit = unitId(head)
  return [
    { kind: 'unit', unit: head },
    ...folders.map(
      (folder): Step => ({ kind: 'render', unit, from: `generators/${noun}/${folder}`, data }),
    ),
    ...wiring.map(({ path, op }): Step => ({ kind: 'edit', unit, path, op })),
  ]
}

import type { Feature } from '../features/feature.ts'
import type { Generated } from '../generators/generator.ts'
import type { Json } from '../model/op.ts'
import type { Habits } from '../model/place.ts'
import type { Plan } from '../model/plan.ts'
import type { Project, Service } from '../model/project.ts'
import type { Step } from '../model/step.ts'
import { unitId } from '../model/unit.ts'
import { type Aliases, noAliases } from '../project/aliases.ts'
import { managerOf, runner, toolWords } from '../project/package-manager.ts'
import { additionSteps, installOf } from './add.ts'
import { foreignSteps } from './foreign-steps.ts'
import { type Into, lastingPlace, registrationOf, registrationSteps } from './registration.ts'

interface GenerateOptions {
  /** The noun: `resource`. */
  readonly noun: string
  readonly install: boolean
  readonly habits: Habits
  /** Where the user wants it registered, whatever the generator says. */
  readonly into?: Into | undefined
}

/** Writes a generated thing and wires it in; what it needs comes first. */
export function planGenerate(
  asked: Generated,
  { noun, install, habits, into }: GenerateOptions,
  project: Project,
  registry: readonly Feature[],
): Plan {
  const generated = withPlace(asked, project, into !== undefined)
  const before = requirements(generated, noun, project, registry)
  return {
    command: `generate ${noun}`,
    root: project.root,
    steps: [...before.steps, ...ownSteps(generated, noun, habits, before)],
    followUps: install ? [installOf(project)] : [],
    notices: [...before.notices, ...(generated.notices ?? [])],
    next:
      project.kind === 'service'
        ? nextOf(noun, project)
        : (generated.next ?? []).map((it) => `${runner(managerOf(project))} ${it}`),
  }
}

/** A migration is empty until somebody writes it; the rest can be tried at once. */
function nextOf(noun: string, { manifest: { answers } }: Service): readonly string[] {
  const tool = toolWords(answers.packageManager)
  return noun === 'migration'
    ? [`${tool} db migrate`]
    : [`${tool} dev serve`, `${tool} dev quality`]
}

/**
 * Records where the thing is registered, so that it stays there when it is generated again. In a
 * service that is said only where it is not the usual place.
 */
function withPlace(generated: Generated, project: Project, isChosen: boolean): Generated {
  const { head, registrations = [] } = generated
  const place = registrations[0] && lastingPlace(registrations[0].place)
  const known = project.unit(unitId(head))
  const isNew = known === undefined || registrationOf(known) === undefined
  const isSaid = registrations.length > 0 && (project.kind === 'foreign' || isChosen)
  const recorded = known?.args.place ?? (isNew && isSaid ? (place as unknown as Json) : undefined)
  if (recorded === undefined) return generated
  return { ...generated, head: { ...head, args: { ...head.args, place: recorded } } }
}

interface Requirements {
  /** What comes before the thing itself. */
  readonly steps: readonly Step[]
  /** Edits of package.json, recorded for the thing. */
  readonly packages: readonly Step[]
  readonly notices: readonly string[]
  readonly aliases: Aliases
}

/** What has to be there: features in a service, a manifest and packages elsewhere. */
function requirements(
  generated: Generated,
  noun: string,
  project: Project,
  registry: readonly Feature[],
): Requirements {
  if (project.kind === 'foreign') return foreignSteps(generated, noun, project)
  const missing = generated.requires.filter((id) => !project.manifest.features.includes(id))
  const addition =
    missing.length === 0 ? { steps: [], pulledIn: [] } : additionSteps(missing, project, registry)
  return {
    steps: addition.steps,
    notices: [...missing, ...addition.pulledIn].map(
      (id) => `The feature ${id} is added, because a ${noun} needs it.`,
    ),
    packages: [],
    aliases: noAliases,
  }
}

function ownSteps(
  { head, folders, data, style, wiring, registrations = [] }: Generated,
  noun: string,
  habits: Habits,
  { packages, aliases }: Pick<Requirements, 'packages' | 'aliases'>,
): readonly Step[] {
  const unit = unitId(head)
  return [
    { kind: 'unit', unit: head },
    ...folders.map(
      (folder): Step => ({
        kind: 'render',
        unit,
        from: `generators/${noun}/${folder}`,
        data,
        ...(style === undefined ? {} : { style }),
      }),
    ),
    ...packages,
    ...wiring.map(({ path, op }): Step => ({ kind: 'edit', unit, path, op })),
    ...registrations.flatMap((registration) =>
      registrationSteps(unit, registration, habits, aliases),
    ),
  ]
}

import { unitFolder } from '../changes/units.ts'
import type { Plan } from '../model/plan.ts'
import type { Project } from '../model/project.ts'
import type { CopyStep, Step } from '../model/step.ts'
import { type UnitHead, type UnitId, unitId } from '../model/unit.ts'
import { installOf } from './add.ts'

interface DestroyOptions {
  readonly unit: Pick<UnitHead, 'kind' | 'name'>
  /** The `.up.sql` files of the unit that a database has, or that are committed. */
  readonly applied: readonly string[]
  /** UTC stamp for the migration that takes an applied one back. */
  readonly stamp: string
  /** Packages that others use by now. */
  readonly used: readonly string[]
  readonly install: boolean
  /** What the user should know of the name. */
  readonly notices: readonly string[]
}

/** Takes back one generated thing. An applied migration stays; a new one undoes it. */
export function planDestroy(options: DestroyOptions, project: Project): Plan {
  const { unit, applied, stamp, used, install, notices } = options
  return {
    command: `destroy ${unit.kind}`,
    root: project.root,
    steps: [
      ...revokeSteps(unitId(unit), applied, stamp, used),
      ...(project.kind === 'foreign' ? [{ kind: 'forget' } as const] : []),
    ],
    followUps: install ? [installOf(project)] : [],
    whenPresent: whyNothing(unit, project),
    notices: [
      ...notices,
      ...applied.map(
        (up) => `${up} is applied or committed: it stays, and a new migration takes it back.`,
      ),
    ],
    next: nextOf(unit, applied, project),
  }
}

function nextOf(
  { kind }: DestroyOptions['unit'],
  applied: readonly string[],
  project: Project,
): readonly string[] {
  if (project.kind === 'foreign') return kind === 'resource' ? ['npx drizzle-kit generate'] : []
  return applied.length === 0 ? [] : ['npx create-service db migrate']
}

/** Takes back a unit; of its migrations those that are applied stay, and a new one undoes each. */
export function revokeSteps(
  unit: UnitId,
  applied: readonly string[],
  stamp: string,
  keepPackages: readonly string[],
): readonly Step[] {
  return [
    ...applied.flatMap((up) => inverseMigration(up, stamp)),
    { kind: 'revoke', unit, keep: applied.flatMap((up) => [up, downOf(up)]), keepPackages },
  ]
}

/** Nothing changes where nothing is recorded, and where all that is left was edited. */
function whyNothing({ kind, name }: DestroyOptions['unit'], project: Project): string {
  if (project.unit(unitId({ kind, name })) !== undefined) {
    return `what is left of ${kind} ${name} was edited. --force removes its files too.`
  }
  const names = project
    .namesIn(unitFolder)
    .filter((name) => name.startsWith(`${kind}-`))
    .map((name) => name.slice(kind.length + 1).replace(/\.json$/, ''))
  const recorded = names.length === 0 ? '' : ` Recorded: ${names.join(', ')}.`
  return `no ${kind} ${name} is recorded here.${recorded}`
}

/** The same two files the other way round: what went down goes up. */
function inverseMigration(up: string, stamp: string): readonly CopyStep[] {
  const [, created, name] = /\/\d+_(create_)?(.*)\.up\.sql$/.exec(up) ?? []
  const verb = created === undefined ? 'revert' : 'drop'
  const to = up.replace(/[^/]*$/, `${stamp}_${verb}_${name}`)
  return [
    { kind: 'copy', from: downOf(up), to: `${to}.up.sql` },
    { kind: 'copy', from: up, to: `${to}.down.sql` },
  ]
}

export function downOf(up: string): string {
  return up.replace(/\.up\.sql$/, '.down.sql')
}

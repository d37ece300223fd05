import { unitIds } from '../changes/units.ts'
import type { Plan } from '../model/plan.ts'
import type { Project } from '../model/project.ts'
import type { CopyStep, RevokeStep, Step } from '../model/step.ts'
import { type UnitHead, type UnitId, unitId } from '../model/unit.ts'
import { aliasesTo, possibleImporters } from '../project/importers.ts'
import { downOf } from '../project/migrations.ts'
import { managerOf, runner, toolWords } from '../project/package-manager.ts'
import { nextStamp } from '../system/clock.ts'
import { installOf } from './add.ts'

interface DestroyOptions {
  readonly unit: Pick<UnitHead, 'kind' | 'name'>
  /** The `.up.sql` files of the unit that a database has, or that are committed. */
  readonly applied: readonly string[]
  /** What becomes of their rows. */
  readonly rowNotices: readonly string[]
  /** UTC stamp for the migration that takes an applied one back. */
  readonly stamp: string
  /** Packages that others use by now. */
  readonly used: readonly string[]
  readonly install: boolean
  /** What the user should know of the name. */
  readonly notices: readonly string[]
  /** Leave everything where it is, and only forget that it was generated. */
  readonly isKept: boolean
}

/** Takes back one generated thing. An applied migration stays; a new one undoes it. */
export function planDestroy(options: DestroyOptions, project: Project): Plan {
  const { unit, applied, rowNotices, install, isKept, notices } = options
  return {
    command: `destroy ${unit.kind}`,
    root: project.root,
    steps: [
      ...(isKept ? [detachStep(unit)] : takingBack(options, project)),
      ...(project.kind === 'foreign' ? [{ kind: 'forget' } as const] : []),
    ],
    followUps: install && !isKept ? [installOf(project)] : [],
    whenPresent: whyNothing(unit, project),
    notices: [...notices, ...(isKept ? keptNotices(unit) : appliedNotices(applied)), ...rowNotices],
    next: isKept ? [] : nextOf(unit, applied, project),
  }
}

function detachStep(unit: DestroyOptions['unit']): Step {
  return { kind: 'detach', unit: unitId(unit) }
}

function takingBack({ unit, applied, stamp, used }: DestroyOptions, project: Project) {
  const files = Object.keys(project.unit(unitId(unit))?.files ?? {})
  const whenEdited = `Use --force to remove edited files too, or --keep to leave all of ${unit.kind} ${unit.name} in place as your own code.`
  return [
    ...inverseMigrations(applied, stamp),
    revokeStep(unitId(unit), applied, { keepPackages: used, whenEdited }),
    importCheck([unitId(unit)], files, project),
  ]
}

/** Refuses to delete what other files import, also through a file that exports it again. */
export function importCheck(
  units: readonly UnitId[],
  files: readonly string[],
  { root, unit }: Project,
): Step {
  const barrels = units
    .flatMap((id) => unit(id)?.edits ?? [])
    .flatMap(({ path, op }) => (op.op === 'ensureExport' ? [path] : []))
  return {
    kind: 'check-imports',
    importers: possibleImporters(root, files, barrels),
    aliases: aliasesTo(root, [...files, ...barrels]),
  }
}

function keptNotices({ kind, name }: DestroyOptions['unit']): readonly string[] {
  return [`The ${kind} ${name} stays in place as your own code; only its record goes.`]
}

/** What becomes of migrations that are not simply deleted. */
export function appliedNotices(applied: readonly string[]): readonly string[] {
  return applied.map(
    (up) => `${up} is applied or committed: it stays, and a new migration takes it back.`,
  )
}

function nextOf(
  { kind }: DestroyOptions['unit'],
  applied: readonly string[],
  project: Project,
): readonly string[] {
  const manager = managerOf(project)
  if (project.kind === 'foreign') {
    return kind === 'resource' ? [`${runner(manager)} drizzle-kit generate`] : []
  }
  return applied.length === 0 ? [] : [`${toolWords(manager)} db migrate`]
}

/** Takes back a unit, but leaves the files of its applied migrations. */
export function revokeStep(
  unit: UnitId,
  applied: readonly string[],
  options: Pick<RevokeStep, 'keepPackages' | 'whenEdited'>,
): RevokeStep {
  return { kind: 'revoke', unit, keep: applied.flatMap((up) => [up, downOf(up)]), ...options }
}

/** Nothing changes where nothing is recorded. */
function whyNothing({ kind, name }: DestroyOptions['unit'], project: Project): string {
  const names = unitIds(project.namesIn)
    .filter((id) => id.startsWith(`${kind}-`))
    .map((id) => id.slice(kind.length + 1))
  const recorded = names.length === 0 ? '' : ` Recorded: ${names.join(', ')}.`
  return `no ${kind} ${name} is recorded here.${recorded}`
}

/** New migrations that undo applied ones, the newest first. The first gets the stamp. */
export function inverseMigrations(applied: readonly string[], stamp: string): readonly CopyStep[] {
  let next = stamp
  return applied
    .toSorted()
    .toReversed()
    .flatMap((up) => {
      const steps = inverseMigration(up, next)
      next = nextStamp(next)
      return steps
    })
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

import type { Op, Order } from '../model/op.ts'
import type { Owner } from '../model/owner.ts'
import type { CodeStyle, Habits, PackageVersion, Place, PlaceKind } from '../model/place.ts'
import type { ProjectPaths } from '../model/project.ts'
import type { SchemaStyle } from '../model/schemas.ts'
import type { TemplateData } from '../model/step.ts'
import type { UnitHead, UnitId } from '../model/unit.ts'
import type { DrizzleFacts } from '../project/drizzle.ts'

/** A line that a generated thing adds to a file of the project. */
export interface Wiring {
  readonly path: string
  readonly op: Op
}

/** A plugin of a new file that the app must register: `await app.register(<name>, { prefix })`. */
export interface Registration {
  /** The file that exports it by default, from the project's root. */
  readonly file: string
  /** The identifier under which it is imported. */
  readonly name: string
  /** Where its routes are mounted, unless the file says so itself. */
  readonly prefix?: string
  readonly order: Order
  /** Where; several places may be open to one kind of thing. */
  readonly place: Place
}

/** What one `generate` makes: template folders with their data, and the lines that wire them in. */
export interface Generated {
  readonly head: UnitHead
  /** Features that must be there; missing ones are added. */
  readonly requires: readonly string[]
  /** Folders below `templates/generators/<name>`. */
  readonly folders: readonly string[]
  readonly data: TemplateData
  /** How the files are laid out, where that isn't how templates are. */
  readonly style?: CodeStyle
  readonly wiring: readonly Wiring[]
  /** Turned into lines of the file that the project registers its plugins in. */
  readonly registrations?: readonly Registration[]
  /** Packages that the code needs at run time, with the version that is asked for where they are missing. */
  readonly packages?: { readonly [name: string]: string }
  /** What the user should know before. */
  readonly notices?: readonly string[]
  /** Installed programs to run next in a project that was made elsewhere: `drizzle-kit generate`. */
  readonly next?: readonly string[]
}

/** What a generator may know beside its input. */
export interface Surroundings {
  readonly paths: ProjectPaths
  /** What is recorded of a thing, if it was generated before. */
  recorded(id: UnitId): UnitHead | undefined
  /** Names in a folder of the project. */
  namesIn(folder: string): readonly string[]
  /** UTC stamp for a new migration. */
  readonly stamp: string
  /** Whether this program made the project; else it is any Fastify project. */
  readonly isService: boolean
  readonly habits: Habits
  /** The version of a package that the project uses, as far as anything tells. */
  versionOf(name: string): PackageVersion | undefined
  /** How code is laid out where things are registered. */
  styleAt(place: Place): CodeStyle
  /** The schemas that routes take which are registered at a place. */
  schemas(place: Place): SchemaStyle
  /** Where a service mounts its API: `/api/v1`. */
  readonly apiPrefix: string
  /** What has names for itself, beside what was generated. */
  readonly owners: readonly Owner[]
  /** Where a unit of a kind goes: where it is already, if it was generated before. */
  place(kind: PlaceKind, unit: UnitId): Place
  /** Drizzle in a project that was made elsewhere; throws a RefusedError that says what was looked for. */
  drizzle(): DrizzleFacts
}

/** One noun of `generate`. `plan` is pure; it throws a UserError for what cannot be made. */
export interface Generator<Input> {
  readonly name: string
  readonly summary: string
  plan(input: Input, surroundings: Surroundings): Generated
}

/** Describes a generator. */
export function defineGenerator<Input>(generator: Generator<Input>): Generator<Input> {
  return generator
}

import type { Op } from '../model/op.ts'
import type { ProjectPaths } from '../model/project.ts'
import type { TemplateData } from '../model/step.ts'
import type { UnitHead, UnitId } from '../model/unit.ts'

/** A line that a generated thing adds to a file of the project. */
export interface Wiring {
  readonly path: string
  readonly op: Op
}

/** What one `generate` makes: template folders with their data, and the lines that wire them in. */
export interface Generated {
  readonly head: UnitHead
  /** Features that must be there; missing ones are added. */
  readonly requires: readonly string[]
  /** Folders below `templates/generators/<name>`. */
  readonly folders: readonly string[]
  readonly data: TemplateData
  readonly wiring: readonly Wiring[]
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

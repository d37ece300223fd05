import type { Unit, UnitId } from './unit.ts'

export const packageManagers = ['npm', 'pnpm', 'yarn', 'bun'] as const
export type PackageManager = (typeof packageManagers)[number]

/** The answers with which a project was created; an upgrade renders with them again. */
export interface Answers {
  readonly name: string
  readonly description: string
  readonly licence: string
  readonly packageManager: PackageManager
  readonly year: string
}

/** Where the anchors of a project are: a file, and the function in it where there is one. */
export interface ProjectPaths {
  readonly appFactory: string
  readonly plugins: string
  readonly resources: string
  readonly schema: string
  readonly migrations: string
}

/** `.create-service/manifest.json`: state without history. */
export interface Manifest {
  /** Version of the tool that wrote the project last. */
  readonly version: string
  readonly answers: Answers
  /** Ids of the present features, in the order of the registry. */
  readonly features: readonly string[]
  readonly paths: ProjectPaths
}

/** What planning may know of a project that exists. */
export interface Project {
  readonly root: string
  readonly manifest: Manifest
  /** The recorded unit of that id, read when asked for. */
  unit(id: UnitId): Unit | undefined
  /** Names in a folder of the project, sorted; none where it is missing. */
  namesIn(folder: string): readonly string[]
}

import type { Habits, Place, PlaceKind } from './place.ts'
import type { Unit, UnitId } from './unit.ts'

export const packageManagers = ['npm', 'pnpm', 'yarn', 'bun'] as const
export type PackageManager = (typeof packageManagers)[number]

/** The answers with which a project was created; an upgrade renders with them again. */
export interface Answers {
  readonly name: string
  readonly description: string
  readonly license: string
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

/** `.create-service/manifest`: state without history. */
export interface Manifest {
  /** Version of the tool that wrote the project last. */
  readonly version: string
  readonly answers: Answers
  /** Ids of the present features, in the order of the registry. */
  readonly features: readonly string[]
  readonly paths: ProjectPaths
}

/** `.create-service/manifest` of a project that was made elsewhere: what was found out about it. */
export interface ForeignManifest {
  readonly version: string
  readonly packageManager: PackageManager
  readonly habits: Habits
  /** Where the things of a kind go, once one was generated. */
  readonly places: { readonly [kind in PlaceKind]?: Place }
}

/** What planning may know of a project that exists. */
export interface ProjectFiles {
  /** Absolute. */
  readonly root: string
  /** The recorded unit of that id, read when asked for. */
  unit(id: UnitId): Unit | undefined
  /** Names in a folder of the project, sorted; none where it is missing. */
  namesIn(folder: string): readonly string[]
}

/** A project that this program made. */
export interface Service extends ProjectFiles {
  readonly kind: 'service'
  readonly manifest: Manifest
}

/** Any other project with Fastify in it. */
export interface ForeignProject extends ProjectFiles {
  readonly kind: 'foreign'
  /** What is recorded, or else found. */
  readonly manifest: ForeignManifest
  /** Nothing is recorded before the first use. */
  readonly isRecorded: boolean
}

export type Project = Service | ForeignProject

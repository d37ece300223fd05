import { dirname, join } from 'node:path'
import type { PackageManager, Project } from '../model/project.ts'
import { type Package, packageAt, packageManagerOf } from '../project/package.ts'
import { isSolution } from '../project/tsconfig.ts'
import { exists, namesIn, sourcesBelow } from '../system/files.ts'

/** A folder as far as its tools are concerned. */
export interface Level {
  /** Absolute. */
  readonly folder: string
  readonly package: Package
  /** Names of files and folders in it. */
  readonly names: readonly string[]
}

/** What the choice of tools depends on. */
export interface Facts {
  /** Absolute. */
  readonly root: string
  /** Whether this program made the project; ids of its features. */
  readonly isService: boolean
  readonly features: readonly string[]
  readonly packageManager: PackageManager
  /** The project, then the folders above it up to the repository: a workspace has tools there. */
  readonly levels: readonly [Level, ...Level[]]
  /** Files of the project that are neither hidden nor installed, relative to the root; read on first use. */
  readonly sources: readonly string[]
  /** Whether its tsconfig.json only references other projects; read on first use. */
  readonly isSolution: boolean
}

/** Reads what decides which tools a project has. */
export function factsOf(project: Project): Facts {
  const { root } = project
  const isService = project.kind === 'service'
  let sources: readonly string[] | undefined
  return {
    root,
    isService,
    features: isService ? project.manifest.features : [],
    packageManager: packageManagerOf(root),
    levels: [levelAt(root), ...levelsAbove(root)],
    get sources() {
      sources ??= sourcesBelow(root)
      return sources
    },
    get isSolution() {
      return isSolution(root)
    },
  }
}

function levelsAbove(folder: string): readonly Level[] {
  const above = dirname(folder)
  if (above === folder || exists(join(folder, '.git'))) return []
  return [levelAt(above), ...levelsAbove(above)]
}

function levelAt(folder: string): Level {
  return { folder, package: packageAt(folder) ?? {}, names: namesIn(folder) }
}

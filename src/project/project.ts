import { join } from 'node:path'
import { brokenRecord, manifestPath, parseRecord, readRecord, readUnit } from '../changes/units.ts'
import { RefusedError, usageError } from '../errors.ts'
import type {
  ForeignManifest,
  ForeignProject,
  Manifest,
  Project,
  ProjectFiles,
  Service,
} from '../model/project.ts'
import { namesIn, readTextIfAny } from '../system/files.ts'
import { findRoot, packagesBelow } from './root.ts'

/** As many packages as a reader takes in. */
const mostShown = 8

/**
 * The project that a folder belongs to: one that this program made, or any with Fastify in it.
 * @throws a usage error where there is none
 */
export async function openProject(folder: string): Promise<Project> {
  const root = findRoot(folder)
  if (root === undefined) {
    const packages = packagesBelow(folder)
    if (packages.length > 0) throw severalPackages(folder, packages)
    throw usageError(
      `${folder} is not inside a project: no ${manifestPath} and no package.json with fastify among its dependencies, here or above.`,
      'Go into the project, or name it with --cwd <dir>.',
    )
  }
  const files = filesOf(root)
  const record = readRecord(manifestPath, (path) => readTextIfAny(join(root, path)))
  if (record === undefined) {
    const { detect } = await import('./detect.ts')
    return foreignProject(files, detect)
  }
  const { path, text } = record
  const manifest = parseRecord<Manifest | ForeignManifest>(path, text)
  if ('habits' in manifest) {
    if (!manifest.habits?.language || !manifest.places) throw brokenRecord(path)
    return { ...files, kind: 'foreign', manifest, isRecorded: true }
  }
  if (!Array.isArray(manifest.features) || !manifest.answers || !manifest.paths) {
    throw brokenRecord(path)
  }
  return { ...files, kind: 'service', manifest }
}

/** The folder of a workspace, or one with several projects in it. */
function severalPackages(folder: string, packages: readonly string[]): Error {
  const shown = packages.slice(0, mostShown)
  const more = packages.length > shown.length ? ` and ${packages.length - shown.length} more` : ''
  return usageError(
    `${folder} is not inside a project, but these packages below it use Fastify: ${shown.join(', ')}${more}.`,
    `Go into one, or name it: --cwd ${join(folder, packages[0] ?? '')}`,
  )
}

/** The service that a folder belongs to. Refuses a project that was made elsewhere. */
export async function openService(folder: string): Promise<Service> {
  const project = await openProject(folder)
  if (project.kind === 'service') return project
  throw new RefusedError([
    {
      code: 'NOT_A_SERVICE',
      message: `${project.root} was not made by create-service, and this command works only where it was.`,
      hint: 'Here these work: generate router, generate middleware, generate resource, destroy, undo, status.',
    },
  ])
}

/** A project of which nothing is recorded; it is looked into only when somebody asks. */
function foreignProject(
  files: ProjectFiles,
  detect: (root: string) => ForeignManifest,
): ForeignProject {
  let found: ForeignManifest | undefined
  return {
    ...files,
    kind: 'foreign',
    isRecorded: false,
    get manifest() {
      found ??= detect(files.root)
      return found
    },
  }
}

function filesOf(root: string): ProjectFiles {
  const read = (path: string) => readTextIfAny(join(root, path))
  return {
    root,
    unit: (id) => readUnit(id, read),
    namesIn: (path) => namesIn(join(root, path)),
  }
}

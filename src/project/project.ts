import { join } from 'node:path'
import { brokenRecord, manifestPath, parseRecord, unitPath } from '../changes/units.ts'
import { RefusedError, usageError } from '../errors.ts'
import type { ForeignManifest, Manifest, Project, ProjectFiles, Service } from '../model/project.ts'
import type { Unit } from '../model/unit.ts'
import { namesIn, readTextIfAny } from '../system/files.ts'
import { findRoot } from './root.ts'

/**
 * The project that a folder belongs to: one that this program made, or any with Fastify in it.
 * @throws a usage error where there is none
 */
export async function openProject(folder: string): Promise<Project> {
  const root = findRoot(folder)
  if (root === undefined) {
    throw usageError(
      `${folder} is not inside a project: no ${manifestPath} and no package.json with fastify among its dependencies, here or above.`,
      'Go into the project, or name it with --cwd <dir>.',
    )
  }
  const files = filesOf(root)
  const manifest = readRecord<Manifest | ForeignManifest>(root, manifestPath)
  if (manifest === undefined) {
    const { detect } = await import('./detect.ts')
    return { ...files, kind: 'foreign', manifest: detect(root), isRecorded: false }
  }
  if ('habits' in manifest) return { ...files, kind: 'foreign', manifest, isRecorded: true }
  if (!Array.isArray(manifest.features) || !manifest.answers || !manifest.paths) {
    throw brokenRecord(manifestPath)
  }
  return { ...files, kind: 'service', manifest }
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

function filesOf(root: string): ProjectFiles {
  return {
    root,
    unit: (id) => readRecord<Unit>(root, unitPath(id)),
    namesIn: (path) => namesIn(join(root, path)),
  }
}

function readRecord<T extends object>(root: string, path: string): T | undefined {
  const text = readTextIfAny(join(root, path))
  return text === undefined ? undefined : parseRecord<T>(path, text)
}

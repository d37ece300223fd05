import { join } from 'node:path'
import { brokenRecord, manifestPath, parseRecord, unitPath } from '../changes/units.ts'
import { usageError } from '../errors.ts'
import type { Manifest, Project } from '../model/project.ts'
import type { Unit } from '../model/unit.ts'
import { namesIn, readTextIfAny } from '../system/files.ts'
import { findRoot } from './root.ts'

/** The project that a folder belongs to. Throws a usage error where there is none. */
export function openProject(folder: string): Project {
  const root = findRoot(folder)
  if (root === undefined) {
    throw usageError(
      `${folder} is not inside a project: no ${manifestPath} here or above.`,
      'Go into a project that create-service made, or name it with --cwd <dir>.',
    )
  }
  const manifest = readRecord<Manifest>(root, manifestPath)
  if (!Array.isArray(manifest?.features) || !manifest?.answers || !manifest.paths) {
    throw brokenRecord(manifestPath)
  }
  return {
    root,
    manifest,
    unit: (id) => readRecord<Unit>(root, unitPath(id)),
    namesIn: (path) => namesIn(join(root, path)),
  }
}

function readRecord<T extends object>(root: string, path: string): T | undefined {
  const text = readTextIfAny(join(root, path))
  return text === undefined ? undefined : parseRecord<T>(path, text)
}

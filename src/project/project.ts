import { join } from 'node:path'
import { manifestPath, unitPath } from '../changes/units.ts'
import { exitCodes, UserError, usageError } from '../errors.ts'
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
  if (manifest === undefined) throw new Error(`${manifestPath} vanished from ${root}`)
  return {
    root,
    manifest,
    unit: (id) => readRecord<Unit>(root, unitPath(id)),
    namesIn: (path) => namesIn(join(root, path)),
  }
}

function readRecord<T>(root: string, path: string): T | undefined {
  const text = readTextIfAny(join(root, path))
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as T
  } catch (cause) {
    throw new UserError({
      code: 'BROKEN_RECORD',
      message: `${path} is not valid JSON.`,
      hint: 'Restore it from git (git checkout -- .create-service), then run the command again.',
      exitCode: exitCodes.refused,
      cause,
    })
  }
}

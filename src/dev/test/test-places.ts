import { UserError, usageError } from '../../errors.ts'
import type { Facts } from '../facts.ts'

/** A mark is a folder of tests; the last two run only on request. */
export const marks = ['unit', 'integration', 'api', 'load', 'chaos'] as const
export type Mark = (typeof marks)[number]

/** @throws a usage error for a word that is none */
export function asMark(word: string): Mark {
  const mark = marks.find((one) => one === word)
  if (mark !== undefined) return mark
  throw usageError(`Unknown mark: ${word}.`, `Marks: ${marks.join(', ')}`)
}

export interface Asked {
  /** Relative to the root, with `/`. */
  readonly paths: readonly string[]
  readonly marks: readonly Mark[]
}

const homes = /^(tests?|__tests__|specs?|src)$/
const code = /\.[cm]?[jt]sx?$/

/**
 * The folders and files to run in a project of any layout; none if nothing was asked for.
 * @throws a UserError with code NO_TESTS where a mark has no tests
 */
export function placesFor({ sources }: Facts, { paths, marks: wanted }: Asked): readonly string[] {
  if (wanted.length === 0) return paths
  const places = wanted.flatMap((mark) => {
    const folders = foldersOf(mark, sources)
    if (folders.length > 0) return folders
    const looked = `test/${mark}, tests/${mark}, __tests__/${mark}, src/**/${mark}`
    throw noTests(`No test matches -m ${mark}: no files in ${looked}.`)
  })
  return withinPaths(places, { paths, marks: wanted })
}

/**
 * What the paths and the folders of the marks have in common.
 * @throws a UserError with code NO_TESTS where that is nothing
 */
export function withinPaths(places: readonly string[], { paths, marks }: Asked): readonly string[] {
  if (paths.length === 0) return places
  const both = paths.flatMap((path) => places.flatMap((place) => overlap(path, place)))
  if (both.length > 0) return both
  throw noTests(
    `No test matches ${marks.map((mark) => `-m ${mark}`).join(' ')} in ${paths.join(', ')}.`,
  )
}

/** The folders of a mark: called like it, where tests or sources are. */
function foldersOf(mark: Mark, sources: readonly string[]): readonly string[] {
  const folders = sources.flatMap((file) => {
    const segments = file.split('/').slice(0, -1)
    const at = segments.indexOf(mark)
    const isHome = at === 0 || segments.slice(0, at).some((segment) => homes.test(segment))
    return at >= 0 && isHome && code.test(file) ? segments.slice(0, at + 1).join('/') : []
  })
  return [...new Set(folders)].sort()
}

/** The inner one of two paths, one of which lies in the other. */
function overlap(a: string, b: string): readonly string[] {
  if (isIn(a, b)) return [a]
  return isIn(b, a) ? [b] : []
}

/** Whether a path is a folder, or lies in it. */
export function isIn(path: string, folder: string): boolean {
  return folder === '' || folder === '.' || path === folder || path.startsWith(`${folder}/`)
}

/** Whether a path names one file of tests. */
export function isFile(path: string): boolean {
  return code.test(path)
}

const testFile = /(^|\/)(test|[^/]*[._-]test|test-[^/]*|[^/]*\.spec)\.[cm]?[jt]sx?$/

/** The files that Node would take for tests. */
export function testFilesIn({ sources }: Facts, folder: string): readonly string[] {
  const isTest = (file: string) =>
    testFile.test(file) || (/(^|\/)test\//.test(file) && code.test(file))
  return sources.filter((file) => isIn(file, folder) && isTest(file))
}

export function noTests(message: string, hint?: string): UserError {
  return new UserError({ code: 'NO_TESTS', message, hint })
}

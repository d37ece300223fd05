import { dirname, join } from 'node:path'
import { readTextIfAny, sourcesBelow } from '../system/files.ts'
import { type Package, packageAt, targetsIn } from './package.ts'

/** A source file of the project: its path from the root, and its text. */
export interface SourceText {
  readonly path: string
  readonly text: string
}

const endings = ['ts', 'mts', 'cts', 'js', 'mjs', 'cjs']
const usual = ['app', 'server', 'index', 'main', 'build-app', 'build-server']
const isSource = /(?<!\.d)\.[cm]?[jt]s$/
const isAside =
  /(^|\/)(tests?|__tests?__|(__)?mocks(__)?|fixtures|e2e|spec|templates|dist|build|coverage|vendor|examples?|bench)\/|[.-](test|spec|config|bench)\.[^/]*$/
const mostSearched = 50

/** The files in which an app is usually made: entries of package.json first. At most some sixty. */
export function usualSources(root: string, own: Package): readonly SourceText[] {
  const paths = ['src/', ''].flatMap((folder) =>
    usual.flatMap((name) => endings.map((ending) => `${folder}${name}.${ending}`)),
  )
  return sourcesAt(root, [...entriesOf(own), ...paths])
}

/** The files that a path without ending may mean. */
export function possibleFiles(stem: string): readonly string[] {
  return endings.flatMap((ending) => [`${stem}.${ending}`, `${stem}/index.${ending}`])
}

/**
 * Other files that speak of Fastify, those that make an app first; a bounded number. Another package
 * of the workspace is not the project's.
 */
export function searchedSources(root: string): readonly SourceText[] {
  const all = sourcesBelow(root)
  const packages = all
    .filter((path) => path.endsWith('/package.json') && packageAt(join(root, dirname(path)))?.name)
    .map((path) => `${dirname(path)}/`)
  const isOther = (path: string) => packages.some((folder) => path.startsWith(folder))
  const paths = all.filter((path) => isSource.test(path) && !isAside.test(path) && !isOther(path))
  const weight = ({ text }: SourceText) =>
    [/\bfastify\s*[(<]|autoload/i, /\.register\(/].filter((pattern) => pattern.test(text)).length
  return sourcesAt(root, paths)
    .filter(({ text }) => /fastify/i.test(text))
    .sort((a, b) => weight(b) - weight(a))
    .slice(0, mostSearched)
}

/** The files that `fastify start` is given, without ending; what is built of one counts as that. */
export function startedFiles({ scripts = {} }: Package): readonly string[] {
  return Object.values(scripts).flatMap((line) => {
    const [, path] = /\bfastify(?:-cli)?\s+start\b[^&|;]*?([\w./-]+\.[cm]?[jt]s)\b/.exec(line) ?? []
    if (path === undefined) return []
    const stem = withoutEnding(path.replace(/^\.\//, ''))
    return [stem, stem.replace(/^(?:dist|build|lib|out)\//, 'src/')]
  })
}

/** A path without the ending of a source file. */
export function withoutEnding(path: string): string {
  return path.replace(/\.[cm]?[jt]s$/, '')
}

function entriesOf({ main, exports, scripts = {} }: Package): readonly string[] {
  const started = Object.values(scripts).flatMap(
    (line) => line.match(/[\w./-]+\.[cm]?[jt]s\b/g) ?? [],
  )
  return [...(main === undefined ? [] : [main]), ...targetsIn(exports), ...started].map((path) =>
    path.replace(/^\.\//, ''),
  )
}

/** The given files as far as they are there and are source of the project's own. */
export function sourcesAt(root: string, paths: readonly string[]): readonly SourceText[] {
  const fitting = paths.filter(
    (path) => isSource.test(path) && !isAside.test(path) && !path.startsWith('..'),
  )
  return [...new Set(fitting)].flatMap((path) => {
    const text = readTextIfAny(join(root, path))
    return text === undefined ? [] : [{ path, text }]
  })
}

import { basename, dirname, join } from 'node:path'
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

/** The files in which an app is usually made or started: entries of package.json first. At most some eighty. */
export function usualSources(root: string, own: Package): readonly SourceText[] {
  const paths = ['src/', ''].flatMap((folder) =>
    usual.flatMap((name) => endings.map((ending) => `${folder}${name}.${ending}`)),
  )
  const entries = entriesOf(own)
  // Of what is built no source is read, only what it is built of.
  const built = startFiles(own).entries.flatMap(possibleFiles)
  return sourcesAt(root, [...entries, ...paths, ...built])
}

/** Whether an app is usually made or started in a file, by its name. */
export function isUsual(path: string): boolean {
  return usual.includes(withoutEnding(path).replace(/^src\//, ''))
}

/** The files that a path without ending may mean. */
export function possibleFiles(stem: string): readonly string[] {
  return endings.flatMap((ending) => [`${stem}.${ending}`, `${stem}/index.${ending}`])
}

/**
 * Other files that speak of Fastify, those that make an app first, and files that may import those;
 * a bounded number. Another package of the workspace is not the project's.
 */
export function searchedSources(root: string): readonly SourceText[] {
  const all = sourcesBelow(root)
  const packages = all
    .filter((path) => path.endsWith('/package.json') && packageAt(join(root, dirname(path)))?.name)
    .map((path) => `${dirname(path)}/`)
  const isOther = (path: string) => packages.some((folder) => path.startsWith(folder))
  const paths = all.filter((path) => isSource.test(path) && !isAside.test(path) && !isOther(path))
  const weight = ({ text }: SourceText) =>
    [MAKES, /\.register\(/].filter((pattern) => pattern.test(text)).length
  const sources = sourcesAt(root, paths)
  const speaking = sources.filter(({ text }) => /fastify/i.test(text))
  const makers = speaking.filter(({ text }) => MAKES.test(text)).map(({ path }) => path)
  const names = new Set(
    makers.flatMap((path) => [basename(withoutEnding(path)), basename(dirname(path))]),
  )
  const using = sources.filter((one) => !/fastify/i.test(one.text) && importsOne(one, names))
  return [...speaking, ...using].sort((a, b) => weight(b) - weight(a)).slice(0, mostSearched)
}

const MAKES = /\bfastify\s*[(<]|autoload/i

/** Whether a file may import one of some files, or of some folders, by their names. */
function importsOne({ text }: SourceText, names: ReadonlySet<string>): boolean {
  const texts = text.matchAll(/['"]([^'"\n]+)['"]/g)
  return [...texts].some(([, specifier = '']) => names.has(basename(withoutEnding(specifier))))
}

/** The files that an app is started with, without ending; what is built of one counts as that. */
export interface StartFiles {
  /** Those that `fastify start` is given. */
  readonly started: readonly string[]
  /** Those that Node is given, or that others import. */
  readonly entries: readonly string[]
}

/** The scripts that let an app run. */
const STARTING = /^(?:start|dev|develop|serve|watch)\b/

/** Reads them from the scripts and the main entry of a package.json. */
export function startFiles({ main, scripts = {} }: Package): StartFiles {
  const started = Object.values(scripts).flatMap((line) => {
    const [, path] = /\bfastify(?:-cli)?\s+start\b[^&|;]*?([\w./-]+\.[cm]?[jt]s)\b/.exec(line) ?? []
    return path === undefined ? [] : stemsOf(path)
  })
  const starting = Object.entries(scripts).filter(([name]) => STARTING.test(name))
  const run = starting.flatMap(([, line]) => filesIn(line))
  return { started, entries: [...(main === undefined ? [] : [main]), ...run].flatMap(stemsOf) }
}

/** A file without its ending, and the source from which it may be built. */
function stemsOf(path: string): readonly string[] {
  const stem = withoutEnding(path.replace(/^\.\//, ''))
  return [stem, stem.replace(/^(?:dist|build|lib|out)\/(?:src\/)?/, 'src/')]
}

function filesIn(script: string): readonly string[] {
  return script.match(/[\w./-]+\.[cm]?[jt]s\b/g) ?? []
}

/** A path without the ending of a source file. */
export function withoutEnding(path: string): string {
  return path.replace(/\.[cm]?[jt]s$/, '')
}

function entriesOf({ main, exports, scripts = {} }: Package): readonly string[] {
  const started = Object.values(scripts).flatMap(filesIn)
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

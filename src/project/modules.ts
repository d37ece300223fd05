import { posix, relative, sep } from 'node:path'
import { isOwnModule } from '../edits/origins.ts'
import { aliasesOf } from './aliases.ts'
import type { Package } from './package.ts'
import { possibleFiles, type SourceText, sourcesAt, withoutEnding } from './sources.ts'
import type { CompilerOptions } from './tsconfig.ts'

/** The modules of a project, by the specifiers that lead to them. */
export interface Modules {
  /** The file that a specifier leads to, if it is a source of the project. */
  resolve(specifier: string, from: string): SourceText | undefined
  /** Whether a file was generated here. */
  isGenerated(path: string): boolean
  /** Whether a specifier leads into the project, found or not. */
  isOwn(specifier: string): boolean
  /** What a file imports from the project: paths from its root, without ending. */
  importsOf(source: SourceText): readonly string[]
  /** The file at such a path. */
  at(stem: string): SourceText | undefined
}

/** So many files are read at most. */
const mostRead = 80
const mostImported = 50

/** The modules by paths, by the maps of package.json and tsconfig.json, and by `baseUrl`. */
export function modulesOf(
  root: string,
  own: Package,
  options: CompilerOptions | undefined,
  generated: ReadonlySet<string>,
): Modules {
  const aliases = aliasesOf(own, options)
  const base =
    options?.baseUrl === undefined
      ? undefined
      : relative(root, options.baseUrl).split(sep).join('/')
  const known = new Map<string, SourceText | undefined>()
  let read = 0
  const stems = (specifier: string, from: string): readonly string[] => {
    if (/^\.\.?(\/|$)/.test(specifier)) return [posix.join(posix.dirname(from), specifier)]
    const mapped = aliases.targets(specifier)
    return base === undefined ? mapped : [...mapped, posix.join(base, specifier)]
  }
  const find = (stem: string): SourceText | undefined => {
    if (known.has(stem)) return known.get(stem)
    if (read >= mostRead) return undefined
    const [found] = sourcesAt(root, possibleFiles(withoutEnding(stem)))
    if (found !== undefined) read++
    known.set(stem, found)
    return found
  }
  return {
    resolve: (specifier, from) => {
      for (const stem of stems(specifier, from)) {
        const found = find(stem)
        if (found !== undefined) return found
      }
      return undefined
    },
    isOwn: (specifier) => isOwnModule(specifier, aliases.patterns),
    at: find,
    isGenerated: (path) => generated.has(path),
    importsOf: ({ path, text }) =>
      specifiersIn(text).flatMap((specifier) => stems(specifier, path).map(withoutEnding)),
  }
}

/** The files that some files import, and those that these import; a bounded number. */
export function importedSources(
  from: readonly SourceText[],
  { importsOf, at }: Pick<Modules, 'importsOf' | 'at'>,
): readonly SourceText[] {
  const known = new Set(from.map(({ path }) => path))
  const found: SourceText[] = []
  let edge = from
  for (let depth = 0; depth < 2 && found.length < mostImported; depth++) {
    const imported = edge.flatMap(importsOf).flatMap((stem) => at(stem) ?? [])
    edge = imported.filter(({ path }) => !known.has(path) && known.add(path))
    found.push(...edge)
  }
  return found.slice(0, mostImported)
}

function specifiersIn(text: string): readonly string[] {
  const found = text.matchAll(/(?:\bfrom\s*|\brequire\(\s*|\bimport\(?\s*)['"]([^'"\n]+)['"]/g)
  return [...found].map(([, specifier = '']) => specifier)
}

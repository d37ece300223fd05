import { dirname, join, relative, resolve, sep } from 'node:path'
import { parseJsonc, readJsonc } from '../edits/read-jsonc.ts'
import { readTextIfAny } from '../system/files.ts'

/** The compiler options that decide how an import reads. */
export interface CompilerOptions {
  readonly module?: string
  readonly moduleResolution?: string
  readonly allowImportingTsExtensions?: boolean
  readonly rewriteRelativeImportExtensions?: boolean
  readonly verbatimModuleSyntax?: boolean
  readonly isolatedModules?: boolean
  /** Absolute. */
  readonly baseUrl?: string
  /** Targets are paths from the project's root. */
  readonly paths?: { readonly [pattern: string]: readonly string[] }
}

interface TsConfig {
  readonly extends?: string | readonly string[]
  readonly files?: readonly string[]
  readonly include?: readonly string[]
  readonly references?: readonly unknown[]
  readonly compilerOptions?: CompilerOptions
}

/**
 * The compiler options of a project, those it extends by a relative path included; none without a tsconfig.json, there or two folders above.
 * @throws {RefusedError} with the line where a tsconfig.json can't be parsed
 */
export function compilerOptionsOf(root: string): CompilerOptions | undefined {
  const folders = [root, join(root, '..'), join(root, '../..')]
  const folder = folders.find((one) => readTextIfAny(join(one, 'tsconfig.json')) !== undefined)
  return folder === undefined ? undefined : read(root, join(folder, 'tsconfig.json'), 5)
}

/** Whether the tsconfig.json of a folder only names other projects; compiling it compiles nothing. */
export function isSolution(folder: string): boolean {
  const file = join(folder, 'tsconfig.json')
  const text = readTextIfAny(file)
  // Parsing loads a package, and most have no references.
  if (text === undefined || !text.includes('"references"')) return false
  const { files, include, references } = (readJsonc(file, text) ?? {}) as TsConfig
  return (references?.length ?? 0) > 0 && files?.length === 0 && (include?.length ?? 0) === 0
}

/** The configurations that one extends by a relative path, absolute. */
export function extendedBy(
  file: string,
  config: Pick<TsConfig, 'extends'> | undefined,
): readonly string[] {
  const relatives = [config?.extends ?? []].flat().filter((target) => target.startsWith('.'))
  return relatives.map((target) => {
    const path = resolve(dirname(file), target)
    return path.endsWith('.json') ? path : `${path}.json`
  })
}

function read(root: string, file: string, depth: number): CompilerOptions | undefined {
  const text = readTextIfAny(file)
  if (text === undefined || depth === 0) return undefined
  const config = parseJsonc(file, text) as TsConfig
  const above = extendedBy(file, config).flatMap((path) => read(root, path, depth - 1) ?? [])
  const own = config.compilerOptions ?? {}
  const inherited = above.findLast(({ baseUrl }) => baseUrl !== undefined)?.baseUrl
  const baseUrl = own.baseUrl === undefined ? inherited : resolve(dirname(file), own.baseUrl)
  const base = baseUrl ?? dirname(file)
  const fromRoot = (target: string) => relative(root, resolve(base, target)).split(sep).join('/')
  const paths =
    own.paths &&
    Object.fromEntries(
      Object.entries(own.paths).map(([pattern, targets]) => [pattern, targets.map(fromRoot)]),
    )
  return Object.assign({}, ...above, own, { baseUrl }, paths === undefined ? {} : { paths })
}

import { dirname, join, relative, resolve, sep } from 'node:path'
import { readJsonc } from '../edits/read-jsonc.ts'
import { readTextIfAny } from '../system/files.ts'

/** The compiler options that decide how an import reads. */
export interface CompilerOptions {
  readonly module?: string
  readonly moduleResolution?: string
  readonly allowImportingTsExtensions?: boolean
  readonly rewriteRelativeImportExtensions?: boolean
  /** Absolute. */
  readonly baseUrl?: string
  /** Targets are paths from the project's root. */
  readonly paths?: { readonly [pattern: string]: readonly string[] }
}

interface TsConfig {
  readonly extends?: string | readonly string[]
  readonly compilerOptions?: CompilerOptions
}

/** The compiler options of a project, those it extends by a relative path included; none without a tsconfig.json, there or two folders above. */
export function compilerOptionsOf(root: string): CompilerOptions | undefined {
  const folders = [root, join(root, '..'), join(root, '../..')]
  const folder = folders.find((one) => readTextIfAny(join(one, 'tsconfig.json')) !== undefined)
  return folder === undefined ? undefined : read(root, join(folder, 'tsconfig.json'), 5)
}

function read(root: string, file: string, depth: number): CompilerOptions | undefined {
  const text = readTextIfAny(file)
  if (text === undefined || depth === 0) return undefined
  const config = readJsonc(file, text) as TsConfig | undefined
  const above = [config?.extends ?? []].flat().flatMap((target) => {
    if (!target.startsWith('.')) return []
    const path = resolve(dirname(file), target)
    return read(root, path.endsWith('.json') ? path : `${path}.json`, depth - 1) ?? []
  })
  const own = config?.compilerOptions ?? {}
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

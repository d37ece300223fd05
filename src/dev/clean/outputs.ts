import { dirname, join, relative, resolve, sep } from 'node:path'
import { readJsonc } from '../../edits/read-jsonc.ts'
import { extendedBy } from '../../project/tsconfig.ts'
import { namesIn, readTextIfAny } from '../../system/files.ts'

interface Outputs {
  readonly outDir?: string
  readonly declarationDir?: string
  readonly tsBuildInfoFile?: string
}

interface Config {
  readonly extends?: string | readonly string[]
  readonly compilerOptions?: Outputs
}

const keys = ['outDir', 'declarationDir', 'tsBuildInfoFile'] as const

/** Where the compiler configurations of a project write, as paths from its root. */
export function declaredOutputs(root: string): readonly string[] {
  const configs = namesIn(root).filter((name) => /^tsconfig(\..+)?\.json$/.test(name))
  const found = configs.flatMap((name) => Object.values(read(root, join(root, name), 5)))
  return [...new Set(found.map((path) => relative(root, path).split(sep).join('/')))]
}

/** The absolute outputs of a configuration; those it extends by a relative path included. */
function read(root: string, file: string, depth: number): Outputs {
  const text = depth === 0 ? undefined : readTextIfAny(file)
  if (text === undefined) return {}
  const config = readJsonc(file, text) as Config | undefined
  const above = extendedBy(file, config).map((path) => read(root, path, depth - 1))
  const own = keys.flatMap((key) => {
    const target = config?.compilerOptions?.[key]
    if (typeof target !== 'string') return []
    return [[key, resolve(dirname(file), target.replace(/^\$\{configDir\}/, root))]]
  })
  return Object.assign({}, ...above, Object.fromEntries(own))
}

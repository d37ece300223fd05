import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { ts } from 'ts-morph'
import { requireCompiled } from '../system/compiled.ts'

export type { ts } from 'ts-morph'

export type TypeScript = typeof ts

let loaded: TypeScript | undefined

/** The compiler API, loaded on first use: other ops than those on TypeScript never need it. */
export function typescript(): TypeScript {
  loaded ??= load()
  return loaded
}

/**
 * ts-morph brings its own compiler, in one file of a package of its own. The two wrappers around
 * it are unused here and cost 40 ms and more.
 */
function load(): TypeScript {
  const common = createRequire(createRequire(import.meta.url).resolve('ts-morph'))
  try {
    const { version } = common('@ts-morph/common/package.json') as { readonly version: string }
    return requireCompiled(
      common.resolve('@ts-morph/common/dist/typescript.js'),
      version,
    ) as TypeScript
  } catch {
    return (common('@ts-morph/common') as { readonly ts: TypeScript }).ts
  }
}

/**
 * A program with the types of a project's files, as its `tsconfig.json` has it. Takes seconds.
 * @param files from the root
 */
export async function programOf(root: string, files: readonly string[]): Promise<ts.Program> {
  // This one has the types of the language itself inside, which `typescript()` has not.
  const { Project } = await import('ts-morph')
  const project = new Project({
    tsConfigFilePath: join(root, 'tsconfig.json'),
    skipAddingFilesFromTsConfig: true,
  })
  project.addSourceFilesAtPaths(files.map((file) => join(root, file)))
  return project.getProgram().compilerObject
}

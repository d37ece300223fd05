import { join } from 'node:path'
import type { Command } from '../../model/plan.ts'
import { compilerOptionsOf } from '../../project/tsconfig.ts'
import { filesBelow, readTextIfAny } from '../../system/files.ts'
import { sha256 } from '../../system/hash.ts'
import { entryAt } from '../../system/removing.ts'
import type { Compiler } from '../../system/typescript.ts'
import { removeFile } from '../../system/writing.ts'

/** Compiles; gives what is wrong, which is nothing after success. */
export type Compile = (signal: AbortSignal) => Promise<string | undefined>

// What an incremental build has written before it would neither write again nor name.
const whole = ['--incremental', 'false', '--composite', 'false', '--tsBuildInfoFile', 'null']

/** Compiles a service into `dist`, as often as it is called. */
export function compilation(
  compiler: Compiler,
  { args, cwd }: Command,
  isColored: boolean,
): Compile {
  let before: readonly string[] = []
  return async (signal) => {
    const more = ['--listEmittedFiles', ...whole, ...(compilesAlone(cwd) ? ['--noResolve'] : [])]
    const run = await compiler.run([...args, ...more, '--pretty', `${isColored}`], cwd, signal)
    if (!run.isFine) return run.output.trimEnd()
    const emitted = emittedIn(run.output)
    removeStale(before, emitted)
    before = emitted
    return undefined
  }
}

/**
 * Whether each file's output depends on that file alone, so that the declarations of all packages
 * need not be read: two thirds of the time. Data that is imported would not be copied.
 */
function compilesAlone(root: string): boolean {
  const { verbatimModuleSyntax, isolatedModules } = optionsOf(root) ?? {}
  const hasData = () => filesBelow(join(root, 'src')).some((name) => name.endsWith('.json'))
  return (verbatimModuleSyntax ?? isolatedModules ?? false) && !hasData()
}

/** Nothing of a tsconfig.json that can't be parsed: the compiler says what is wrong with it. */
function optionsOf(root: string) {
  try {
    return compilerOptionsOf(root)
  } catch {
    return undefined
  }
}

/**
 * Removes what an earlier compilation of this process wrote and the last one did not: its source is
 * gone. Anything else may be another build's, and what was left before nobody imports.
 */
function removeStale(before: readonly string[], emitted: readonly string[]): void {
  // Where names differ in case only, it may be the same file.
  const kept = new Set(emitted.map((path) => path.toLowerCase()))
  if (kept.size === 0) return
  for (const path of before) if (!kept.has(path.toLowerCase())) removeFile(path)
}

/** The files that the compiler says it wrote. */
export function emittedIn(output: string): readonly string[] {
  return [...output.matchAll(/^TSFILE: (.+?)\r?$/gm)].map(([, path = '']) => path)
}

/** Equal for two states of a service of which the same server comes; `watched` are the names that decide it. */
export function fingerprint(root: string, watched: readonly string[]): string {
  const read = [...watched.filter((name) => name !== 'src'), 'dist'].flatMap((name) => {
    const isFile = entryAt(join(root, name))?.kind === 'file'
    return isFile ? [name] : filesBelow(join(root, name)).map((file) => `${name}/${file}`)
  })
  const data = filesBelow(join(root, 'src')).filter((name) => !/\.[cm]?ts$/.test(name))
  const files = [...read, ...data.map((name) => `src/${name}`)].filter(
    (name) => !name.endsWith('.map'),
  )
  return sha256(files.map((name) => `${name}\0${readTextIfAny(join(root, name))}`).join('\0'))
}

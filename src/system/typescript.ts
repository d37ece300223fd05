import { execFile } from 'node:child_process'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { exists } from './files.ts'

export interface Compilation {
  readonly isFine: boolean
  readonly output: string
}

/** The project's own compiler; nothing where it is not installed. */
export interface Compiler {
  run(args: readonly string[], cwd: string, signal: AbortSignal): Promise<Compilation>
}

export function compilerOf(root: string): Compiler | undefined {
  const manifest = resolveFrom(root, 'typescript/package.json')
  if (manifest === undefined) return undefined
  const script = join(manifest, '../bin/tsc')
  const native = nativeCompiler(manifest)
  const [program, before] = native === undefined ? [process.execPath, [script]] : [native, []]
  return {
    run: (args, cwd, signal) =>
      new Promise((resolve) => {
        const options = { cwd, encoding: 'utf8', maxBuffer: 2 ** 26, signal } as const
        execFile(program, [...before, ...args], options, (error, stdout, stderr) => {
          const reason = stdout + stderr || (error?.message ?? '')
          resolve({ isFine: error === null, output: error === null ? stdout : reason })
        })
      }),
  }
}

/** Since TypeScript 7 `tsc` only starts another program, which takes a third of the time here. */
function nativeCompiler(manifest: string): string | undefined {
  const name = `@typescript/typescript-${process.platform}-${process.arch}/package.json`
  const own = resolveFrom(join(manifest, '..'), name)
  if (own === undefined) return undefined
  const program = join(own, '../lib', process.platform === 'win32' ? 'tsc.exe' : 'tsc')
  return exists(program) ? program : undefined
}

function resolveFrom(folder: string, name: string): string | undefined {
  try {
    return createRequire(join(folder, 'package.json')).resolve(name)
  } catch {
    return undefined
  }
}

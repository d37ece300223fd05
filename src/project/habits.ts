import { posix } from 'node:path'
import type { Habits } from '../model/place.ts'
import type { Package } from './package.ts'
import { fastifyMajor } from './package-version.ts'
import type { SourceText } from './sources.ts'
import type { CompilerOptions } from './tsconfig.ts'

/**
 * How the project writes code.
 *
 * @param sources the file in which its app is made first, then others
 */
export function habitsOf(
  root: string,
  own: Package,
  options: CompilerOptions | undefined,
  sources: readonly [SourceText, ...SourceText[]],
): Habits {
  const [{ path, text }] = sources
  const fileEnding = posix.extname(path)
  const isTypeScript = /ts$/.test(fileEnding)
  const module = isTypeScript || isEsm(fileEnding, own, text) ? 'esm' : 'commonjs'
  const alike = sources.filter((source) => posix.extname(source.path) === fileEnding)
  const used = alike.flatMap((source) => endingsIn(source.text) ?? [])[0]
  return {
    language: isTypeScript ? 'typescript' : 'javascript',
    module,
    fileEnding,
    specifierEnding: used ?? usualEnding(fileEnding, module, own, options),
    fastify: fastifyMajor(root, own),
  }
}

function isEsm(ending: string, own: Package, text: string): boolean {
  if (ending === '.mjs' || ending === '.cjs') return ending === '.mjs'
  return own.type === 'module' || /^(import\s|export\s)/m.test(text)
}

/** The ending that the relative imports of a file have, where they agree. */
function endingsIn(text: string): string | undefined {
  const found = [
    ...text.matchAll(/(?:from\s*|require\(\s*|import\(\s*|^import\s*)['"](\.\.?\/[^'"]*)['"]/gm),
  ]
  const endings = new Set(found.map(([, path = '']) => /\.[cm]?[jt]s$/.exec(path)?.[0] ?? ''))
  return endings.size === 1 ? [...endings][0] : undefined
}

function usualEnding(
  fileEnding: string,
  module: Habits['module'],
  own: Package,
  options: CompilerOptions | undefined,
): string {
  if (!/ts$/.test(fileEnding)) return module === 'esm' || fileEnding === '.cjs' ? fileEnding : ''
  if (options?.allowImportingTsExtensions || options?.rewriteRelativeImportExtensions) {
    return fileEnding
  }
  const resolution = (options?.moduleResolution ?? options?.module ?? '').toLowerCase()
  // An unknown base configuration of an ES module is that of Node, which asks for the ending.
  const isNode = resolution === '' || /^node(16|18|20|next)$/.test(resolution)
  const asksEnding = fileEnding === '.mts' || own.type === 'module'
  return isNode && asksEnding ? fileEnding.replace('ts', 'js') : ''
}

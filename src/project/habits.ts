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
  const usual = usualEnding(fileEnding, module, own, options)
  const used = usedEnding(alike)
  // Node asks for the ending in ES modules of JavaScript; where the app leaves it out, it is bundled.
  const isBare = used === '' && !isTypeScript && module === 'esm' && !endingsIn(text).includes('')
  const isPossible = used !== undefined && !isBare && isAllowed(used, fileEnding, own, options)
  return {
    language: isTypeScript ? 'typescript' : 'javascript',
    module,
    fileEnding,
    specifierEnding: isPossible ? used : usual,
    fastify: fastifyMajor(root, own),
  }
}

function isEsm(ending: string, own: Package, text: string): boolean {
  if (ending === '.mjs' || ending === '.cjs') return ending === '.mjs'
  return own.type === 'module' || /^(import\s|export\s)/m.test(text)
}

/** The ending that relative imports have: those of the first file if they agree, else most of all. */
function usedEnding([first, ...others]: readonly SourceText[]): string | undefined {
  const main = new Set(first === undefined ? [] : endingsIn(first.text))
  if (main.size === 1) return [...main][0]
  const all = [first, ...others].flatMap((source) => (source ? endingsIn(source.text) : []))
  const count = (ending: string) => all.filter((one) => one === ending).length
  return [...new Set(all)].sort((a, b) => count(b) - count(a))[0]
}

/** The ending of each relative import of a file. */
function endingsIn(text: string): readonly string[] {
  const found = text.matchAll(
    /(?:from\s*|require\(\s*|import\(\s*|^import\s*)['"](\.\.?\/[^'"]*)['"]/gm,
  )
  return [...found].map(([, path = '']) => /\.[cm]?[jt]s$/.exec(path)?.[0] ?? '')
}

/** Whether the compiler finds a module by that ending; one that is unknown may. */
function isAllowed(
  ending: string,
  fileEnding: string,
  own: Package,
  options: CompilerOptions | undefined,
): boolean {
  if (!/ts$/.test(fileEnding)) return true
  if (/ts$/.test(ending)) return options === undefined || takesTsEndings(options)
  return ending !== '' || options === undefined || !asksEnding(fileEnding, own, options)
}

function takesTsEndings(options: CompilerOptions): boolean {
  return Boolean(options.allowImportingTsExtensions || options.rewriteRelativeImportExtensions)
}

/** Whether the compiler resolves modules as Node does, which asks for the ending in ES modules. */
function asksEnding(fileEnding: string, own: Package, options: CompilerOptions): boolean {
  const resolution = (options.moduleResolution ?? options.module ?? '').toLowerCase()
  const isEsModule = fileEnding === '.mts' || (own.type === 'module' && fileEnding !== '.cts')
  return isEsModule && /^node(16|18|20|next)$/.test(resolution)
}

function usualEnding(
  fileEnding: string,
  module: Habits['module'],
  own: Package,
  options: CompilerOptions | undefined,
): string {
  if (!/ts$/.test(fileEnding)) return module === 'esm' || fileEnding === '.cjs' ? fileEnding : ''
  if (options !== undefined && takesTsEndings(options)) return fileEnding
  const resolution = (options?.moduleResolution ?? options?.module ?? '').toLowerCase()
  // An unknown base configuration of an ES module is that of Node, which asks for the ending.
  const isNode = resolution === '' || /^node(16|18|20|next)$/.test(resolution)
  const isEsModule = fileEnding === '.mts' || own.type === 'module'
  return isNode && isEsModule ? fileEnding.replace('ts', 'js') : ''
}

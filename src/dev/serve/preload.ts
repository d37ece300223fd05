import { builtinModules } from 'node:module'
import { dirname, isAbsolute, join, sep } from 'node:path'
import { fileURLToPath } from 'node:url'
import { filesBelow, readTextIfAny } from '../../system/files.ts'
import type { ModuleImport } from '../../system/module-imports.ts'

/** What the next process of a server can load before it is known what changes. */
export interface Preload {
  /** Imported by name in the code that the server has run. */
  readonly packages: readonly string[]
  /** Where the code of packages that the server has run lies. */
  readonly folders: readonly string[]
}

interface Module {
  readonly path: string
  readonly text: string
}

/** Finds what a server's compiled code imports; it remembers what it has read. */
export type Imports = (path: string, text: string) => readonly ModuleImport[]

/** Packages that change later imports. */
const patching =
  /^(?:@opentelemetry\/(?:auto-)?instrumentation|@sentry\/|@appsignal\/|@elastic\/apm|dd-trace|newrelic|elastic-apm|appdynamics|applicationinsights|[ir][a-z]+-in-the-middle|dotenv|reflect-metadata)/

/** Code after which a package may load otherwise: other settings, other globals, other modules. */
const preparing = [
  /\bprocess\.env(?:\.\w+|\[[^\]]+\])\s*(?:\?\?|\|\||&&)?=[^=>]/,
  /\bdelete\s+process\.env\b/,
  /\bglobalThis(?:\.\w+|\[[^\]]+\])\s*(?:\?\?|\|\||&&)?=[^=>]/,
  /\bassign\(\s*(?:process\.env|globalThis)\b/,
  /\bloadEnvFile\b/,
  /\bregisterHooks\b/,
  /\bimport\b[^;'"]*\bregister\b[^;'"]*\bfrom\s*['"](?:node:)?module['"]/,
  /\bmodule\.register\b/i,
]

/**
 * Says what of a service's packages may be loaded early: nothing where its own code may change what
 * they find, or where code runs that is neither compiled nor installed, as that of linked packages.
 */
export function preloadOf(
  root: string,
  loaded: readonly string[],
  importsOf: Imports,
): Preload | undefined {
  const dist = join(root, 'dist') + sep
  const modules = compiledBelow(dist)
  if (modules.some((module) => prepares(module, importsOf))) return undefined
  const paths = loaded.flatMap(pathOf)
  const installed = paths.filter((path) => path.includes(inPackages))
  if (paths.some((path) => !path.startsWith(dist) && !path.includes(inPackages))) return undefined
  const there = new Set(installed.map(packageAt))
  const hasRun = new Set(paths)
  const names = modules
    .filter(({ path }) => hasRun.has(path))
    .flatMap(({ path, text }) => importsOf(path, text).map(({ name }) => name))
    .filter((name) => !isBuiltin(name) && there.has(packageIn(name)))
  const folders = [...new Set(installed.map((path) => dirname(path)))].sort()
  return { packages: [...new Set(names)].sort(), folders }
}

/** Whether code as it is now still imports all of these, and lets them be loaded early. */
export function stillFits(root: string, packages: readonly string[], importsOf: Imports): boolean {
  const modules = compiledBelow(join(root, 'dist') + sep)
  const imports = modules.flatMap(({ path, text }) => importsOf(path, text))
  const names = new Set(imports.map(({ name }) => name))
  return (
    packages.every((name) => names.has(name)) &&
    !modules.some((module) => prepares(module, importsOf))
  )
}

function compiledBelow(dist: string): readonly Module[] {
  return filesBelow(dist)
    .filter((name) => /\.[cm]?js$/.test(name))
    .map((name) => join(dist, name))
    .flatMap((path) => {
      const text = readTextIfAny(path)
      return text === undefined ? [] : [{ path, text }]
    })
}

function prepares({ path, text }: Module, importsOf: Imports): boolean {
  return (
    preparing.some((pattern) => pattern.test(text)) ||
    importsOf(path, text).some(
      ({ name, isForEffect }) => patching.test(name) || (isForEffect && hasEffect(path, name)),
    )
  )
}

/** A module of types alone is compiled into one that exports nothing. */
function hasEffect(from: string, name: string): boolean {
  if (!name.startsWith('.')) return true
  const text = readTextIfAny(join(from, '..', name)) ?? 'missing'
  const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '')
  return !/^\s*(?:export\s*\{\s*\};?)?\s*$/.test(code)
}

const inPackages = `${sep}node_modules${sep}`

function pathOf(loaded: string): readonly string[] {
  if (loaded.startsWith('file:')) return [fileURLToPath(loaded)]
  return isAbsolute(loaded) ? [loaded] : []
}

/** The name of the package that a file is of. */
function packageAt(path: string): string {
  return packageIn(
    path.slice(path.lastIndexOf(inPackages) + inPackages.length).replaceAll(sep, '/'),
  )
}

/** The name of the package of `name/deeper`. */
function packageIn(name: string): string {
  return name.split('/', name.startsWith('@') ? 2 : 1).join('/')
}

function isBuiltin(name: string): boolean {
  return name.startsWith('node:') || builtinModules.includes(name)
}

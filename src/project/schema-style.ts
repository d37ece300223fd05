import { join, posix } from 'node:path'
import {
  type CompilerSetting,
  compilerSettings,
  maySetCompiler,
  takenBy,
  type Understood,
} from '../edits/compilers.ts'
import { importedIn } from '../edits/imported.ts'
import type { PackageVersion, Place } from '../model/place.ts'
import type { SchemaStyle, TypeProvider } from '../model/schemas.ts'
import { namesIn } from '../system/files.ts'
import { allLoaders } from './loaders.ts'
import { importedSources, type Modules, modulesOf } from './modules.ts'
import { type Package, packageAt } from './package.ts'
import { rangeOf, versionInUse } from './package-version.ts'
import { makesApp, search } from './searched.ts'
import {
  type SourceText,
  searchedSources,
  sourcesAt,
  usualSources,
  withoutEnding,
} from './sources.ts'
import { compilerOptionsOf } from './tsconfig.ts'

/** The packages with a type provider, and its name. */
const typeProviders: readonly (readonly [RegExp, string])[] = [
  [/^(@[\w-]+\/)?fastify-type-provider-zod$/, 'ZodTypeProvider'],
  [/^fastify-zod-openapi$/, 'FastifyZodOpenApiTypeProvider'],
  [/^@fastify\/type-provider-typebox$/, 'TypeBoxTypeProvider'],
  [/^@fastify\/type-provider-json-schema-to-ts$/, 'JsonSchemaToTsProvider'],
]

type Setting = CompilerSetting & { readonly path: string }

/** What is known of a project while its style is looked for. */
interface Known {
  readonly root: string
  readonly own: Package
  readonly modules: Modules
  readonly sources: readonly SourceText[]
  readonly provider: TypeProvider | undefined
}

/** The schemas that routes take which are registered at a place, by the syntax of a few files. */
export function schemaStyleAt(root: string, place: Place): SchemaStyle {
  const own = packageAt(root) ?? {}
  const modules = modulesOf(root, own, compilerOptionsOf(root), new Set())
  const sources = sourcesAround(root, own, place, modules)
  const settings = sources.filter(({ text }) => maySetCompiler(text)).flatMap(settingsIn)
  const known = { root, own, modules, sources, provider: providerIn(sources, own) }
  const valid = settings.flatMap((setting) => settingAt(setting, place, known))
  const validator = takenIn(valid, 'validator', known)
  const serializer = takenIn(valid, 'serializer', known)
  const isUnset = settings.length === 0 && isZod(known.provider)
  if (isUnset || !fits(validator, serializer)) return unknownAt(valid)
  if (validator === 'zod') return zodStyle(known)
  return validator === 'typebox' || isTypeBox(known.provider)
    ? typeBoxStyle(known, validator === 'typebox')
    : { kind: 'json', ...(isConstant(known.provider) ? { provider: known.provider } : {}) }
}

/** Fastify's own serializer takes what is JSON Schema underneath, which Zod's schemas aren't. */
function fits(validator: Understood, serializer: Understood): boolean {
  if (validator === 'zod') return serializer === 'zod' || serializer === 'any'
  const isJson = validator === 'json' || validator === 'typebox'
  return isJson && (serializer === 'json' || serializer === 'any')
}

function unknownAt(settings: readonly Setting[]): SchemaStyle {
  const odd = settings.find(({ takes }) => takes === 'unknown') ?? settings[0]
  return { kind: 'unknown', ...(odd === undefined ? {} : { at: `${odd.path}:${odd.line}` }) }
}

/** Where the app is made, what that imports, and what a loader takes up; all if nothing is set there. */
function sourcesAround(
  root: string,
  own: Package,
  place: Place,
  modules: Modules,
): readonly SourceText[] {
  const main = [place.site?.path, place.loadedBy].flatMap((path) => path ?? [])
  const first = distinct([...sourcesAt(root, main), ...usualSources(root, own)])
  const near = distinct([...first, ...importedSources(first, modules)])
  const loaded = search(
    near.filter(({ text }) => /autoload/i.test(text)),
    false,
  )
    .flatMap(allLoaders)
    .flatMap(({ place: { folder } }) =>
      namesIn(join(root, folder)).map((name) => posix.join(folder, name)),
    )
  const all = distinct([...near, ...sourcesAt(root, loaded.slice(0, mostLoaded))])
  const asks = Object.keys({ ...own.dependencies, ...own.devDependencies }).some((name) =>
    validators.test(name),
  )
  const isFound = all.some(({ text }) => maySetCompiler(text))
  return asks && !isFound ? distinct([...all, ...searchedSources(root)]) : all
}

const mostLoaded = 50

/** Packages of projects whose compilers are looked for in more files. */
const validators =
  /(^|\/)(zod|joi|yup|valibot|arktype|superstruct|runtypes|io-ts|effect|ajv|typebox)$|type-provider|zod-openapi|ajv-compiler/

function distinct(sources: readonly SourceText[]): readonly SourceText[] {
  return [...new Map(sources.map((source) => [source.path, source])).values()]
}

function settingsIn({ path, text }: SourceText): readonly Setting[] {
  return compilerSettings(path, text).map((setting) => ({ ...setting, path }))
}

/** A setting as far as it holds at a place: in the whole app, or in the plugin where the place is. */
function settingAt(
  setting: Setting,
  { site, loadedBy }: Place,
  { sources, modules }: Pick<Known, 'sources' | 'modules'>,
): readonly Setting[] {
  const { path, within } = setting
  const at = site?.path ?? loadedBy
  if (within === undefined || at === undefined) return [setting]
  if (within !== '' && isCalled(within, path, sources, modules)) return [setting]
  if (path === at) {
    const isInstance = search(
      sources.filter((one) => one.path === at),
      false,
    ).some(makesApp)
    const isPlugin = site?.within === undefined ? !isInstance : site.within === within
    return isPlugin || site?.within === 'default' ? [setting] : []
  }
  if (!leadsTo(path, at, sources, modules)) return []
  // A function without a name stands among others, and imports don't tell which of them leads there.
  return within === '' ? [{ ...setting, takes: 'unknown' }] : [setting]
}

/** Whether a function is called with the app, and not registered as a plugin of its own. */
function isCalled(
  name: string,
  path: string,
  sources: readonly SourceText[],
  modules: Modules,
): boolean {
  const names = [name, ...sources.flatMap((source) => importedNames(source, path, modules))]
  const called = /(?<!function\s+)(?<![.\w$])([\w$]+)\(\s*\w/g
  return sources.some(({ text }) =>
    [...text.matchAll(called)].some(([, callee = '']) => names.includes(callee)),
  )
}

/** The names under which a file imports the default export of another. */
function importedNames(
  { path: from, text }: SourceText,
  path: string,
  { resolve }: Modules,
): readonly string[] {
  const imports = text.matchAll(/\bimport\s+(\w+)[^'"\n]*from\s*['"]([^'"\n]+)['"]/g)
  return [...imports].flatMap(([, name = '', specifier = '']) =>
    resolve(specifier, from)?.path === path ? [name] : [],
  )
}

/** Whether the plugins of a file include those of another one, as far as imports tell. */
function leadsTo(
  path: string,
  to: string,
  sources: readonly SourceText[],
  modules: Modules,
  depth = 3,
): boolean {
  const source = sources.find((one) => one.path === path)
  if (source === undefined || depth === 0) return false
  const stems = modules.importsOf(source).flatMap((stem) => [stem, `${stem}/index`])
  return stems.some(
    (stem) =>
      stem === withoutEnding(to) ||
      sources.some(
        (one) =>
          withoutEnding(one.path) === stem && leadsTo(one.path, to, sources, modules, depth - 1),
      ),
  )
}

/** What all settings of a part agree on; what a plugin sets for itself goes before the app's. */
function takenIn(settings: readonly Setting[], part: Setting['part'], known: Known): Understood {
  const own = settings.filter((setting) => setting.part === part)
  const inner = own.filter(({ within }) => within !== undefined)
  const found = new Set((inner.length > 0 ? inner : own).map((one) => takenFrom(one, known)))
  const [taken = 'json'] = found
  return found.size > 1 ? 'unknown' : taken
}

/** A compiler of the project's own that only leads on to a known one takes what that one takes. */
function takenFrom({ takes, from, path }: Setting, known: Known): Understood {
  if (takes !== 'unknown' || from === undefined) return takes
  const text = known.modules.resolve(from, path)?.text ?? ''
  const found = new Set(importedIn(text).flatMap(({ specifier }) => takenBy(specifier) ?? []))
  const [only = 'unknown'] = found
  return found.size === 1 ? only : 'unknown'
}

/** The type provider that the project's files import, else the one that it depends on. */
function providerIn(sources: readonly SourceText[], own: Package): TypeProvider | undefined {
  const named = sources
    .filter(({ text }) => /type-provider|zod-openapi/.test(text))
    .flatMap(({ text }) => importedIn(text).map(({ specifier }) => specifier))
  const depended = Object.keys({ ...own.devDependencies, ...own.dependencies }).filter(
    (name) => takenBy(name) === 'zod',
  )
  for (const from of [...named, ...depended]) {
    const type = typeProviders.find(([pattern]) => pattern.test(from))?.[1]
    if (type !== undefined) return { type, from }
  }
  return undefined
}

function isZod(provider: TypeProvider | undefined): boolean {
  return provider !== undefined && takenBy(provider.from) === 'zod'
}

function isTypeBox(provider: TypeProvider | undefined): boolean {
  return provider?.type === 'TypeBoxTypeProvider'
}

function isConstant(provider: TypeProvider | undefined): provider is TypeProvider {
  return provider?.type === 'JsonSchemaToTsProvider'
}

function typeBoxStyle({ root, own, sources, provider }: Known, isStrict: boolean): SchemaStyle {
  const known = ['typebox', '@sinclair/typebox']
  const used = sources.flatMap(({ text }) =>
    [...text.matchAll(/\bType\b[^}'"\n]*\}\s*(?:from\s*|=\s*require\()['"]([^'"\n]+)['"]/g)].map(
      ([, from = '']) => from,
    ),
  )
  const isNew = (versionInUse(root, own, '@fastify/type-provider-typebox')?.major ?? 6) >= 6
  const from =
    used.find((name) => known.includes(name) || /type-provider-typebox$/.test(name)) ??
    known.find((name) => rangeOf(own, name) !== undefined) ??
    (isNew ? 'typebox' : '@sinclair/typebox')
  return {
    kind: 'typebox',
    from,
    isStrict,
    ...(provider && isTypeBox(provider) ? { provider } : {}),
  }
}

/** Since its fifth version the provider takes the schemas of Zod 4, which Zod 3.25 has as `zod/v4`. */
function zodStyle({ root, own, sources, provider }: Known): SchemaStyle {
  const zod = versionInUse(root, own, 'zod') ?? { major: 4, minor: 0 }
  const version = provider && versionInUse(root, own, provider.from)
  const isFork = provider?.from.startsWith('@') === true
  const major = version === undefined ? zod.major : isFork || version.major >= 5 ? 4 : 3
  const path = `zod/v${major}`
  const used = sources.flatMap(({ text }) => [
    ...text.matchAll(/\bimport\s+(z|\* as z|\{ z \})\s+from\s+['"](zod(?:\/v[34])?)['"]/g),
  ])
  const fitting = zod.major === major ? ['zod', path] : [path]
  const [, clause = '{ z }', from = fitting[0] ?? 'zod'] =
    used.find(([, , name = '']) => fitting.includes(name)) ?? []
  return {
    kind: 'zod',
    from,
    clause,
    version: zod.major === major ? zod : newestMinor(major),
    ...(provider && isZod(provider) ? { provider } : {}),
  }
}

/** A version of Zod that comes in another one is as new as that. */
function newestMinor(major: number): PackageVersion {
  return { major, minor: major === 3 ? 25 : 0 }
}

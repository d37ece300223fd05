import { join } from 'node:path'
import { readUnit, unitIds } from '../changes/units.ts'
import type { Site } from '../model/place.ts'
import type { ForeignManifest } from '../model/project.ts'
import { isFolder, namesIn, readTextIfAny } from '../system/files.ts'
import { toolVersion } from '../versions.ts'
import { habitsOf } from './habits.ts'
import { importedSources, type Modules, modulesOf } from './modules.ts'
import { type Package, packageAt, packageManagerOf } from './package.ts'
import { chosenPlace, findPlaces } from './places.ts'
import { hasApp } from './roots.ts'
import { makesApp, type Searched, search } from './searched.ts'
import { type SourceText, searchedSources, sourcesAt, startFiles, usualSources } from './sources.ts'
import { compilerOptionsOf } from './tsconfig.ts'

/**
 * What can be found out about a project that was made elsewhere, by the syntax of a few files.
 *
 * @param into the place that the user chose, so that none is looked for
 */
export function detect(root: string, into?: Pick<Site, 'path' | 'within'>): ForeignManifest {
  const own = packageAt(root) ?? {}
  const options = compilerOptionsOf(root)
  const modules = modulesOf(root, own, options, new Set(generatedFiles(root)))
  const files = searched(root, own, modules, into?.path)
  const hasFolder = (path: string) => isFolder(join(root, path))
  const seen = { files, modules, hasFolder, namesIn: (path: string) => namesIn(join(root, path)) }
  const places =
    into === undefined
      ? findPlaces(seen)
      : {
          router: chosenPlace('router', into, seen),
          middleware: chosenPlace('middleware', into, seen),
        }
  const chosen = into?.path ?? places.router.site?.path ?? places.middleware.site?.path
  const main =
    files.find(({ source }) => source.path === chosen) ?? files.find(makesApp) ?? files[0]
  const source = main?.source ?? { path: options ? 'src/app.ts' : 'app.js', text: '' }
  const others = files.map((file) => file.source)
  return {
    version: toolVersion,
    packageManager: packageManagerOf(root),
    habits: habitsOf(root, own, options, [source, ...others]),
    places,
  }
}

/** The usual files and what they import; where no app is made in them, others too. */
function searched(
  root: string,
  own: Package,
  modules: Modules,
  chosen: string | undefined,
): readonly Searched[] {
  const isOwn = ({ path }: SourceText) => !modules.isGenerated(path)
  const asked = chosen === undefined ? [] : sourcesAt(root, [chosen])
  const first = [...asked, ...usualSources(root, own)].filter(isOwn)
  const started = startFiles(own)
  const usual = search(uniqueOf(first), false, started)
  const imported = search(
    newTo(usual, importedSources(first, modules).filter(isOwn)),
    true,
    started,
  )
  const near = [...usual, ...imported]
  if (hasApp(near, modules)) return near
  return [...near, ...search(newTo(near, searchedSources(root).filter(isOwn)), true, started)]
}

function uniqueOf(sources: readonly SourceText[]): readonly SourceText[] {
  return [...new Map(sources.map((source) => [source.path, source])).values()]
}

function newTo(known: readonly Searched[], sources: readonly SourceText[]): readonly SourceText[] {
  const paths = new Set(known.map(({ source }) => source.path))
  return uniqueOf(sources).filter(({ path }) => !paths.has(path))
}

/** What was generated here takes plugins too, and is never meant. */
function generatedFiles(root: string): readonly string[] {
  const read = (path: string) => readTextIfAny(join(root, path))
  return unitIds((folder) => namesIn(join(root, folder))).flatMap((id) =>
    Object.keys(readUnit(id, read)?.files ?? {}),
  )
}

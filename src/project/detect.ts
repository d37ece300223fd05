import { join } from 'node:path'
import { readUnit, unitIds } from '../changes/units.ts'
import type { PlaceKind, Site } from '../model/place.ts'
import type { ForeignManifest } from '../model/project.ts'
import { isFolder, namesIn, readTextIfAny } from '../system/files.ts'
import { toolVersion } from '../versions.ts'
import { habitsOf } from './habits.ts'
import { type Package, packageAt, packageManagerOf } from './package.ts'
import { chosenPlace, findPlace } from './places.ts'
import { makesApp, type Searched, search } from './searched.ts'
import {
  importedSources,
  type SourceText,
  searchedSources,
  sourcesAt,
  usualSources,
} from './sources.ts'
import { compilerOptionsOf } from './tsconfig.ts'

/**
 * What can be found out about a project that was made elsewhere, by the syntax of a few files.
 *
 * @param into the place that the user chose, so that none is looked for
 */
export function detect(root: string, into?: Pick<Site, 'path' | 'within'>): ForeignManifest {
  const own = packageAt(root) ?? {}
  const files = searched(root, own, into?.path)
  const hasFolder = (path: string) => isFolder(join(root, path))
  const placeOf = (kind: PlaceKind) =>
    into === undefined
      ? findPlace(kind, files, hasFolder)
      : chosenPlace(kind, into, files, hasFolder)
  const places = { router: placeOf('router'), middleware: placeOf('middleware') }
  const options = compilerOptionsOf(root)
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
function searched(root: string, own: Package, chosen: string | undefined): readonly Searched[] {
  const generated = new Set(generatedFiles(root))
  const isOwn = ({ path }: SourceText) => !generated.has(path)
  const asked = chosen === undefined ? [] : sourcesAt(root, [chosen])
  const first = [...asked, ...usualSources(root, own)].filter(isOwn)
  const usual = search([...new Map(first.map((source) => [source.path, source])).values()])
  if (!usual.some(makesApp)) {
    const known = usual.map(({ source }) => source.path)
    const isNew = (source: SourceText) => !known.includes(source.path) && isOwn(source)
    return [...usual, ...search(searchedSources(root).filter(isNew))]
  }
  const imported = importedSources(
    root,
    usual.filter(makesApp).map(({ source }) => source),
  )
  const others = search(imported.filter(isOwn)).map(withoutInstances)
  return [
    ...usual,
    ...others.filter(({ source }) => !first.some(({ path }) => path === source.path)),
  ]
}

/** An instance in a file that is only imported is no rival of one in the usual files. */
function withoutInstances(file: Searched): Searched {
  return { ...file, sites: { ...file.sites, instances: [], chain: false } }
}

/** What was generated here takes plugins too, and is never meant. */
function generatedFiles(root: string): readonly string[] {
  const read = (path: string) => readTextIfAny(join(root, path))
  return unitIds((folder) => namesIn(join(root, folder))).flatMap((id) =>
    Object.keys(readUnit(id, read)?.files ?? {}),
  )
}

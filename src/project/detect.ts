import { join } from 'node:path'
import type { PlaceKind, Site } from '../model/place.ts'
import type { ForeignManifest } from '../model/project.ts'
import { isFolder } from '../system/files.ts'
import { toolVersion } from '../versions.ts'
import { habitsOf } from './habits.ts'
import { packageAt, packageManagerOf } from './package.ts'
import { chosenPlace, findPlace, isPromising, type Searched, search } from './places.ts'
import { searchedSources, sourcesAt, usualSources } from './sources.ts'
import { compilerOptionsOf } from './tsconfig.ts'

/**
 * What can be found out about a project that was made elsewhere, by the syntax of a few files.
 *
 * @param into the place that the user chose, so that none is looked for
 */
export function detect(root: string, into?: Pick<Site, 'path' | 'within'>): ForeignManifest {
  const own = packageAt(root) ?? {}
  const files =
    into === undefined
      ? (promising(search(usualSources(root, own))) ?? search(searchedSources(root)))
      : search(sourcesAt(root, [into.path]))
  const hasFolder = (path: string) => isFolder(join(root, path))
  const placeOf = (kind: PlaceKind) =>
    into === undefined
      ? findPlace(kind, files, hasFolder)
      : chosenPlace(kind, into, files, hasFolder)
  const places = { router: placeOf('router'), middleware: placeOf('middleware') }
  const chosen = places.router.site?.path ?? places.middleware.site?.path
  const main =
    files.find(({ source }) => source.path === chosen) ?? files.find(isPromising) ?? files[0]
  const source = main?.source ?? {
    path: compilerOptionsOf(root) ? 'src/app.ts' : 'app.js',
    text: '',
  }
  return {
    version: toolVersion,
    packageManager: packageManagerOf(root),
    habits: habitsOf(root, own, compilerOptionsOf(root), source),
    places,
  }
}

function promising(files: readonly Searched[]): readonly Searched[] | undefined {
  return files.some(isPromising) ? files : undefined
}

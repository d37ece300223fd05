import { join, relative, resolve, sep } from 'node:path'
import { codeStyleOf, ownStyle } from '../edits/code-style.ts'
import { RefusedError, usageError } from '../errors.ts'
import { features } from '../features/index.ts'
import { ownersOf } from '../features/owners.ts'
import type { Surroundings } from '../generators/generator.ts'
import type { CodeStyle, Habits, Place, PlaceKind } from '../model/place.ts'
import type {
  ForeignManifest,
  ForeignProject,
  Project,
  ProjectPaths,
  Service,
} from '../model/project.ts'
import type { SchemaStyle } from '../model/schemas.ts'
import type { Unit, UnitId } from '../model/unit.ts'
import type { DrizzleFacts } from '../project/drizzle.ts'
import { freeStamp } from '../project/migrations.ts'
import { packageAt } from '../project/package.ts'
import { versionInUse } from '../project/package-version.ts'
import { exists, readTextIfAny } from '../system/files.ts'
import { kindOf } from '../system/places.ts'
import { type Into, registrationOf } from './registration.ts'

/** TypeScript as this program's own services are written. */
const ownHabits: Habits = {
  language: 'typescript',
  module: 'esm',
  fileEnding: '.ts',
  specifierEnding: '.ts',
  fastify: 5,
}

/** A project that was made elsewhere has none of these anchors. */
const noPaths: ProjectPaths = {
  appFactory: '',
  plugins: '',
  resources: '',
  schema: '',
  migrations: '',
}

/**
 * Reads `--into <file>#<function>`; the file is taken from `cwd`, else from the root.
 * @throws a usage error for a file that is not in the project
 */
export function parseInto(asked: string, cwd: string, root: string): Into {
  const [file = '', within] = asked.split('#')
  const paths = [cwd, root].map((base) => relative(root, resolve(base, file)).split(sep).join('/'))
  const path = paths.find((one) => !one.startsWith('..') && kindOf(join(root, one)) === 'file')
  if (path === undefined) {
    throw usageError(
      `--into: there is no file ${file || asked} in ${root}.`,
      'Write it as --into src/app.ts#buildApp: a file, and a function, instance or list in it.',
    )
  }
  return within === undefined || within === '' ? { path } : { path, within }
}

/** What a generator may know of a project; `into` overrides where things are registered. */
export async function surroundingsOf(
  project: Project,
  now: Date,
  into: Into | undefined,
): Promise<Surroundings> {
  return project.kind === 'service'
    ? ofService(project, freeStamp(project, now), into)
    : ofForeign(project, into, {
        ...(await import('../project/detect.ts')),
        ...(await import('../project/drizzle.ts')),
        ...(await import('../project/schema-style.ts')),
      })
}

function ofService(project: Service, stamp: string, into: Into | undefined): Surroundings {
  const { paths } = project.manifest
  const place = (folder: string, path: string, within: string): Place => ({
    folder,
    by: 'site',
    site: into ?? { path, within },
  })
  const places: Record<PlaceKind, Place> = {
    router: place('src/routers', paths.resources, 'registerResources'),
    middleware: place('src/http', paths.plugins, 'registerPlugins'),
  }
  return {
    recorded: project.unit,
    namesIn: project.namesIn,
    paths,
    stamp,
    isService: true,
    habits: ownHabits,
    versionOf: () => undefined,
    schemas: () => ({ kind: 'json' }),
    styleAt: () => ownStyle,
    apiPrefix: apiPrefixOf(project.root),
    owners: ownersOf(project.manifest.features, features),
    place: (kind, unit) => recordedPlace(project, unit, into) ?? places[kind],
    drizzle: () => {
      throw new Error('a service has a database of its own')
    },
  }
}

/** Where a service mounts its API: what `.env` says, else the default in its configuration. */
function apiPrefixOf(root: string): string {
  const read = (path: string, pattern: RegExp) =>
    pattern.exec(readTextIfAny(join(root, path)) ?? '')?.[1]
  return (
    read('.env', /^API_PREFIX=["']?([^\s"'#]+)/m) ??
    read('src/config/base.ts', /env: 'API_PREFIX',\s*default: '([^']+)'/) ??
    '/api/v1'
  )
}

/**
 * Where a unit is registered already, if it was generated before.
 * @throws {RefusedError} if it shall go elsewhere now
 */
function recordedPlace(project: Project, id: UnitId, into: Into | undefined): Place | undefined {
  const unit = project.unit(id)
  const place = unit?.args.place as Place | undefined
  if (unit === undefined || into === undefined) return place
  const registered = registrationOf(unit)
  if (registered === undefined && place?.by === 'loader') throw loadedAlready(unit, place)
  // Of a resource the routes may be still to come.
  if (registered === undefined) return undefined
  const { path, within } = registered
  const isSame = [within, undefined].includes(into.within) || within === undefined
  if (path === into.path && isSame) return place
  throw new RefusedError([
    {
      code: 'UNIT_DIFFERS',
      message: `The ${unit.kind} ${unit.name} is registered already, and elsewhere.`,
      hint: `Leave --into out, or begin anew: create-service destroy ${unit.kind} ${unit.name}`,
    },
  ])
}

/** A second registration would declare the same routes again. */
function loadedAlready({ kind, name }: Unit, { folder }: Place): RefusedError {
  return new RefusedError([
    {
      code: 'UNIT_DIFFERS',
      file: folder,
      message: `The ${kind} ${name} is registered already: @fastify/autoload loads it from ${folder}.`,
      hint: `Leave --into out, or begin anew: create-service destroy ${kind} ${name}`,
    },
  ])
}

/** Loaded in a project that was made elsewhere. */
interface Detection {
  detect(root: string, into?: Into): ForeignManifest
  findDrizzle(root: string): DrizzleFacts
  schemaStyleAt(root: string, place: Place): SchemaStyle
}

function ofForeign(
  project: ForeignProject,
  into: Into | undefined,
  { detect, findDrizzle, schemaStyleAt }: Detection,
): Surroundings {
  const { habits, places } = project.manifest
  if (habits.fastify < 4) throw oldFastify(habits.fastify)
  return {
    recorded: project.unit,
    namesIn: project.namesIn,
    paths: noPaths,
    stamp: '',
    isService: false,
    apiPrefix: '',
    owners: [],
    habits: into === undefined ? habits : detect(project.root, into).habits,
    versionOf: (name) => versionInUse(project.root, packageAt(project.root) ?? {}, name),
    place: (kind, unit) => {
      const own = recordedPlace(project, unit, into)
      if (own?.by === 'site') return own
      const known = own ?? (into === undefined ? places[kind] : undefined)
      if (known !== undefined && isThere(project.root, known)) return known
      const found = detect(project.root, into).places[kind]
      if (found === undefined) throw new Error(`detection says nothing of a ${kind}`)
      if (own !== undefined && found.folder !== own.folder) throw notLoaded(unit, own)
      return found
    },
    styleAt: (place) => styleAt(project.root, place),
    schemas: (place) => schemaStyleAt(project.root, place),
    drizzle: () => findDrizzle(project.root),
  }
}

/** The layout of the file in which something is registered, or a folder is loaded. */
function styleAt(root: string, { site, loadedBy }: Place): CodeStyle {
  const path = site?.path ?? loadedBy
  const text = path === undefined ? undefined : readTextIfAny(join(root, path))
  return path === undefined || text === undefined ? ownStyle : codeStyleOf(path, text)
}

function oldFastify(major: number): RefusedError {
  return new RefusedError([
    {
      code: 'OLD_FASTIFY',
      message: `This project uses Fastify ${major}; what is generated needs 4 or 5.`,
      hint: 'Upgrade it first: https://fastify.dev/docs/latest/Guides/Migration-Guide-V5/',
    },
  ])
}

/** Whether the file of a site is still there. What a loader takes up has to be looked up each time. */
function isThere(root: string, { site }: Place): boolean {
  return site !== undefined && exists(join(root, site.path))
}

function notLoaded(unit: UnitId, { folder }: Place): RefusedError {
  return new RefusedError([
    {
      code: 'DRIFT',
      file: folder,
      message: `${unit} lies in ${folder}, which @fastify/autoload does not take up any more.`,
      hint: 'Move its file by hand; or destroy it, then generate it again.',
    },
  ])
}

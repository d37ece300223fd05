import { join, relative, resolve, sep } from 'node:path'
import { usageError } from '../errors.ts'
import type { Surroundings } from '../generators/generator.ts'
import type { Habits, Place, PlaceKind, Site } from '../model/place.ts'
import type {
  ForeignManifest,
  ForeignProject,
  Project,
  ProjectPaths,
  Service,
} from '../model/project.ts'
import type { DrizzleFacts } from '../project/drizzle.ts'
import { freeStamp } from '../project/migrations.ts'
import { exists } from '../system/files.ts'

/** What `--into` says: a file and a function, instance or list in it. */
export type Into = Pick<Site, 'path' | 'within'>

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
 * Reads `--into <file>#<function>`; the file is taken from `cwd`.
 * @throws a usage error for a file that is not in the project
 */
export function parseInto(asked: string, cwd: string, root: string): Into {
  const [file = '', within] = asked.split('#')
  const path = relative(root, resolve(cwd, file)).split(sep).join('/')
  if (file === '' || path.startsWith('..') || !exists(join(root, path))) {
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
    middleware: place('src/plugins', paths.plugins, 'registerPlugins'),
  }
  return {
    recorded: project.unit,
    namesIn: project.namesIn,
    paths,
    stamp,
    isService: true,
    habits: ownHabits,
    place: (kind) => places[kind],
    drizzle: () => {
      throw new Error('a service has a database of its own')
    },
  }
}

/** Loaded in a project that was made elsewhere. */
interface Detection {
  detect(root: string, into?: Into): ForeignManifest
  findDrizzle(root: string): DrizzleFacts
}

function ofForeign(
  project: ForeignProject,
  into: Into | undefined,
  { detect, findDrizzle }: Detection,
): Surroundings {
  const { habits, places } = project.manifest
  const isThere = ({ site }: Place) => site === undefined || exists(join(project.root, site.path))
  return {
    recorded: project.unit,
    namesIn: project.namesIn,
    paths: noPaths,
    stamp: '',
    isService: false,
    habits,
    place: (kind) => {
      const known = into === undefined ? places[kind] : undefined
      if (known !== undefined && isThere(known)) return known
      const found = detect(project.root, into).places[kind]
      if (found === undefined) throw new Error(`detection says nothing of a ${kind}`)
      return found
    },
    drizzle: () => findDrizzle(project.root),
  }
}

import { ownStyle } from '../../../src/edits/code-style.ts'
import { features } from '../../../src/features/index.ts'
import { ownersOf } from '../../../src/features/owners.ts'
import type { Surroundings } from '../../../src/generators/generator.ts'
import type { Habits, Place, PlaceKind } from '../../../src/model/place.ts'
import type { UnitHead } from '../../../src/model/unit.ts'
import { unitId } from '../../../src/model/unit.ts'

interface Known {
  /** What is recorded. */
  readonly units?: readonly UnitHead[]
  /** Names by folder. */
  /** The features of the service; all by default. */
  readonly present?: readonly string[]
  readonly names?: { readonly [folder: string]: readonly string[] }
}

const ids = features.map(({ id }) => id)

/** A service that this program made. */
export function inService({ units = [], names = {}, present = ids }: Known = {}): Surroundings {
  return {
    paths: {
      appFactory: 'src/app.ts',
      plugins: 'src/plugins.ts',
      resources: 'src/resources/index.ts',
      schema: 'src/db/schema.ts',
      migrations: 'migrations',
    },
    stamp: '20260102030405',
    isService: true,
    habits: typescript,
    apiPrefix: '/api/v1',
    owners: ownersOf(present, features),
    recorded: (id) => units.find((unit) => unitId(unit) === id),
    versionOf: () => undefined,
    schemas: () => ({ kind: 'json' }),
    styleAt: () => ownStyle,
    namesIn: (folder) =>
      folder === '.create-service/units' ? units.map(unitId) : (names[folder] ?? []),
    place: (kind) => places[kind],
    drizzle: () => {
      throw new Error('a service has a database of its own')
    },
  }
}

/** A project that was made elsewhere, with its routes and plugins in `src/things`. */
export function inForeign(
  habits: Partial<Habits>,
  by: 'site' | 'loader',
  known: Known = {},
): Surroundings {
  const folder = 'src/things'
  return {
    ...inService(known),
    isService: false,
    apiPrefix: '',
    owners: [],
    habits: { ...typescript, ...habits },
    place: () => (by === 'site' ? { folder, by, site: { path: 'src/app.ts' } } : { folder, by }),
  }
}

const typescript: Habits = {
  language: 'typescript',
  module: 'esm',
  fileEnding: '.ts',
  specifierEnding: '.js',
  fastify: 5,
}

const places: Record<PlaceKind, Place> = {
  router: {
    folder: 'src/routers',
    by: 'site',
    site: { path: 'src/resources/index.ts', within: 'registerResources' },
  },
  middleware: {
    folder: 'src/http',
    by: 'site',
    site: { path: 'src/plugins.ts', within: 'registerPlugins' },
  },
}

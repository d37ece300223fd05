import type { Order } from '../model/op.ts'
import type { Contribution } from './feature.ts'
import {
  commandGroupOrder,
  composeOrder,
  envOrder,
  pluginOrder,
  serverFolderOrder,
  testLoginOrder,
  testOverrideOrder,
} from './ranks.ts'

/** Registers a plugin that `src/<folder>/<file>.ts` exports, at its place in the request flow. */
export function registerPlugin(
  name: string,
  folder: string,
  file = 'plugin',
): readonly Contribution[] {
  const path = 'src/plugins.ts'
  return [
    { path, op: { op: 'ensureImport', name, named: true, from: `./${folder}/${file}.ts` } },
    {
      path,
      op: {
        op: 'ensureStatement',
        within: 'registerPlugins',
        name,
        statement: `await app.register(${name})`,
        order: pluginOrder,
      },
    },
  ]
}

/** Adds the section `src/<folder>/config.ts` to the configuration. */
export function configSection(folder: string): Contribution {
  return {
    path: 'src/config/sections.ts',
    op: { op: 'ensureExport', from: `../${folder}/config.ts` },
  }
}

/** Adds the group of commands that `src/<folder>/cli.ts` exports to the service's program. */
export function commandGroup(name: string, folder: string): readonly Contribution[] {
  const path = 'src/cli/groups.ts'
  return [
    { path, op: { op: 'ensureImport', name, named: true, from: `../${folder}/cli.ts` } },
    {
      path,
      op: {
        op: 'ensureStatement',
        within: 'addGroups',
        name,
        statement: `${name}(program, context)`,
        order: commandGroupOrder,
      },
    },
  ]
}

/** Puts `test/support/<name>.ts` in the place of a real part when a test builds the app. */
export function testOverride(name: string): readonly Contribution[] {
  const place = { path: 'test/support/overrides.ts', within: 'testOverrides' }
  return supportCall(place, name, name, 'overrides', testOverrideOrder)
}

/** Lets `test/support/<name>.ts` give tests credentials with which they may do everything. */
export function testLogin(name: string): readonly Contribution[] {
  const place = { path: 'test/support/client.ts', within: 'testCredentials' }
  return supportCall(place, name, name, 'app, headers', testLoginOrder)
}

/** Sets a variable without which production does not start, for tests that are production. */
export function neededVariable(key: string, value: string): Contribution {
  return testVariable('neededEnv', key, value)
}

/** Sets a variable without which some routes are not there, or not answered, for tests of all. */
export function routeVariable(key: string, value: string): Contribution {
  return testVariable('everyRouteEnv', key, value)
}

function testVariable(object: string, key: string, value: string): Contribution {
  return {
    path: 'test/support/environment.ts',
    op: { op: 'ensureProperty', object, key, value, order: 'by-name' },
  }
}

/** Exports the tables of `src/<path>.model.ts` to the database. */
export function model(path: string): Contribution {
  return {
    path: 'src/db/schema.ts',
    owner: 'database',
    op: { op: 'ensureExport', from: `../${path}.model.ts` },
  }
}

/** Lets `test/support/<file>.ts` fill the working folder of a server that a test starts. */
export function serverFolder(name: string, file: string): readonly Contribution[] {
  const place = { path: 'test/support/server-folder.ts', within: 'serverFolder' }
  return supportCall(place, name, file, 'folder', serverFolderOrder)
}

function supportCall(
  { path, within }: { readonly path: string; readonly within: string },
  name: string,
  file: string,
  argument: string,
  order: Order,
): readonly Contribution[] {
  const statement = `await ${name}(${argument})`
  return [
    { path, op: { op: 'ensureImport', name, from: `./${file}.ts` } },
    { path, op: { op: 'ensureStatement', within, name, statement, order } },
  ]
}

/** Adds a block to `.env.example`. */
export function envSection(section: string): Contribution {
  return {
    path: '.env.example',
    op: { op: 'ensureEnv', section, lines: [], order: envOrder },
    text: 'env',
  }
}

/** Adds a service to the compose file, which the feature `docker` brings. */
export function composeService(name: string): Contribution {
  return composeEntry(['services', name], composeOrder)
}

/** Adds a named volume to the compose file. */
export function composeVolume(name: string): Contribution {
  return composeEntry(['volumes', name], 'by-name')
}

/** Sets a variable of the app in the compose file. */
export function composeVariable(name: string): Contribution {
  return composeEntry(['services', 'app', 'environment', name], 'by-name')
}

/** Lets the app of the compose file start after a service. */
export function composeDependency(service: string): Contribution {
  return composeEntry(['services', 'app', 'depends_on', service], 'by-name')
}

/** The text of an entry is in a file named for its place: `services.postgres.yaml`. */
function composeEntry(path: readonly string[], order: Order): Contribution {
  return {
    path: 'deployment/compose.yaml',
    owner: 'docker',
    op: { op: 'ensureYaml', path, block: '', order },
    text: `compose/${path.join('.')}.yaml`,
  }
}

import type { Order } from '../model/op.ts'
import type { Contribution } from './feature.ts'
import {
  commandGroupOrder,
  commandPageOrder,
  composeOrder,
  envOrder,
  folderOrder,
  growOrder,
  metricsOrder,
  monitorOrder,
  pluginOrder,
  readmeOrder,
  serverFolderOrder,
  testLoginOrder,
  testOverrideOrder,
  titleOrder,
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

/** Lets `test/support/<name>.ts` log in the callers of tests. */
export function testLogin(name: string): readonly Contribution[] {
  const place = { path: 'test/support/client.ts', within: 'testCredentials' }
  return supportCall(place, name, name, 'app, caller', testLoginOrder)
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

/** Adds the feature's row to the dashboard; its panels are in `dashboard/<title>.json`. */
export function dashboardRow(title: string): Contribution {
  return {
    path: 'deployment/grafana/dashboards/application-overview.json',
    op: { op: 'ensureJsonItems', path: ['panels'], sortBy: 'id', entry: title, block: '' },
    text: `dashboard/${title.toLowerCase().replaceAll(' ', '-')}.json`,
  }
}

/** What a feature adds to the pages about the whole service. */
interface Pages {
  /** Its row in the README's list of features: part `summary`. */
  readonly title: string
  /** Sections of the README; the part of each has the title in kebab-case. */
  readonly readme?: readonly (typeof readmeOrder)[number][]
  /** Rows of the README's list of generators: parts `grow-1`, `grow-2`. */
  readonly grow?: readonly (typeof growOrder)[number][]
  /** Its folders: parts `folder-1`, `folder-2`. */
  readonly folders?: readonly (typeof folderOrder)[number][]
  /** Its plugins, in any order: the part of each is `plugin-<name>`. */
  readonly plugins?: readonly (typeof pluginOrder)[number][]
  /** Whether it has variables: part `variables`, a section with its title. */
  readonly variables?: true
  /** Its group of commands, a section: part `commands`. */
  readonly commands?: (typeof commandPageOrder)[number]
  /** Its commands in the base's group `monitor`: parts `monitor-1`, `monitor-2`. */
  readonly monitor?: readonly (typeof monitorOrder)[number][]
  /** Whether it has metrics: part `metrics`, a section with its title. */
  readonly metrics?: true
}

/** Adds the feature to README and docs; the texts are parts of the feature's `docs.md.hbs`. */
export function documentation(pages: Pages): readonly Contribution[] {
  const { title, readme = [], grow = [], folders = [], plugins = [] } = pages
  const { monitor = [], variables, commands, metrics } = pages
  const architecture = 'docs/architecture.md'
  return [
    row('README.md', 'What is inside', title, 'summary', titleOrder),
    ...readme.map((entry) =>
      page('README.md', entry, entry.toLowerCase().replaceAll(' ', '-'), readmeOrder),
    ),
    ...grow.map((entry, i) => row('README.md', 'Grow it', entry, `grow-${i + 1}`, growOrder)),
    ...folders.map((folder, i) =>
      row(architecture, 'Folders', folder, `folder-${i + 1}`, folderOrder),
    ),
    ...plugins.map((name) =>
      row(architecture, 'Request flow', `\`${name}\``, `plugin-${name}`, flowOrder),
    ),
    ...(variables ? [page('docs/configuration.md', title, 'variables', titleOrder)] : []),
    ...monitor.map((entry, i) =>
      row('docs/cli.md', 'monitor', entry, `monitor-${i + 1}`, monitorOrder),
    ),
    ...(commands === undefined
      ? []
      : [page('docs/cli.md', commands, 'commands', commandPageOrder)]),
    ...(metrics ? [page('docs/metrics.md', title, 'metrics', metricsOrder)] : []),
  ]
}

const flowOrder = pluginOrder.map((name) => `\`${name}\``)

function page(path: string, entry: string, part: string, order: Order): Contribution {
  return {
    path,
    op: { op: 'ensureMarkdown', entry, block: '', order },
    text: `docs.md.hbs#${part}`,
  }
}

function row(path: string, under: string, entry: string, part: string, order: Order): Contribution {
  return {
    path,
    op: { op: 'ensureMarkdown', under, entry, block: '', order },
    text: `docs.md.hbs#${part}`,
  }
}

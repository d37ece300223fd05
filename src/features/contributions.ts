import type { Contribution } from './feature.ts'
import { composeOrder, envOrder, pluginOrder, testOverrideOrder } from './ranks.ts'

/** Registers `src/plugins/<file>.ts` at its place in the request flow. */
export function registerPlugin(name: string, file: string): readonly Contribution[] {
  const path = 'src/plugins/index.ts'
  return [
    { path, op: { op: 'ensureImport', name, from: `./${file}.ts` } },
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

/** Adds the section `src/config/<name>.ts` to the configuration. */
export function configSection(name: string): Contribution {
  return { path: 'src/config/sections.ts', op: { op: 'ensureExport', from: `./${name}.ts` } }
}

/** Puts `test/support/<name>.ts` in the place of a real part when a test builds the app. */
export function testOverride(name: string): readonly Contribution[] {
  const path = 'test/support/overrides.ts'
  return [
    { path, op: { op: 'ensureImport', name, from: `./${name}.ts` } },
    {
      path,
      op: {
        op: 'ensureStatement',
        within: 'testOverrides',
        name,
        statement: `await ${name}(overrides)`,
        order: testOverrideOrder,
      },
    },
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
  return {
    path: 'deployment/compose.yaml',
    owner: 'docker',
    op: { op: 'ensureYaml', path: ['services', name], block: '', order: composeOrder },
    text: `${name}.yaml`,
  }
}

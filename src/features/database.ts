import {
  commandGroup,
  composeDependency,
  composeService,
  composeVariable,
  composeVolume,
  configSection,
  envSection,
  registerPlugin,
  serverFolder,
  testOverride,
} from './contributions.ts'
import { defineFeature } from './feature.ts'

export const database = defineFeature({
  id: 'database',
  title: 'Database',
  summary:
    'Drizzle on PostgreSQL, or on embedded PGlite where DATABASE_URL is not set; SQL migrations',
  dependencies: ['@electric-sql/pglite', 'drizzle-orm', 'pg'],
  devDependencies: ['@types/pg', 'drizzle-kit'],
  overrides: [{ dependent: '@esbuild-kit/core-utils', dependency: 'esbuild', version: '^0.25.12' }],
  contributions: [
    configSection('db'),
    ...registerPlugin('database', 'db'),
    ...commandGroup('dbCommands', 'db'),
    ...testOverride('database'),
    ...serverFolder('dataFolder', 'data-folder'),
    envSection('database'),
    composeService('postgres'),
    composeVolume('postgres'),
    composeVariable('DATABASE_URL'),
    composeVariable('MIGRATE_ON_START'),
    composeDependency('postgres'),
  ],
})

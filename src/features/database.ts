import {
  commandGroup,
  composeDependency,
  composeService,
  composeVariable,
  composeVolume,
  configSection,
  documentation,
  envSection,
  neededVariable,
  registerPlugin,
  serverFolder,
  testOverride,
} from './contributions.ts'
import { defineFeature } from './feature.ts'

export const database = defineFeature({
  id: 'database',
  title: 'Database',
  summary:
    'Drizzle on PostgreSQL, or on embedded PGlite without DATABASE_URL; migrations in plain SQL',
  dependencies: ['@electric-sql/pglite', 'drizzle-orm', 'pg', 'pg-connection-string'],
  devDependencies: ['@types/pg', 'drizzle-kit'],
  overrides: [{ dependent: '@esbuild-kit/core-utils', dependency: 'esbuild', version: '^0.25.12' }],
  owned: { tables: ['schema_migrations'], plugins: ['database'] },
  contributions: [
    configSection('db'),
    ...registerPlugin('database', 'db'),
    ...commandGroup('dbCommands', 'db'),
    ...testOverride('database'),
    ...serverFolder('dataFolder', 'data-folder'),
    neededVariable('DATABASE_URL', "'postgres://localhost/app'"),
    envSection('database'),
    composeService('postgres'),
    composeVolume('postgres'),
    composeVariable('DATABASE_URL'),
    composeVariable('MIGRATE_ON_START'),
    composeDependency('postgres'),
    ...documentation({
      title: 'Database',
      readme: ['Use PostgreSQL', 'Add a field'],
      grow: [
        '`npx create-service generate resource Product name:string:120 price:decimal:10,2`',
        '`npx create-service destroy resource Product`',
      ],
      folders: ['`src/db/`', '`migrations/`'],
      plugins: ['database'],
      variables: true,
      metrics: true,
      commands: 'db',
    }),
  ],
})

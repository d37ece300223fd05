import { type Static, Type } from 'typebox'
import type { server } from '../config/base.ts'

/** Where the data lives: PostgreSQL if `url` is set, else PGlite in the folder `path`. */
export const database = Type.Object({
  url: Type.Optional(
    Type.String({
      env: 'DATABASE_URL',
      secret: true,
      pattern: '^postgres(ql)?://',
      expected: 'a URL such as postgres://user:password@host:5432/name',
      neededBecause: (config: { server: Static<typeof server> }) =>
        config.server.workers > 1
          ? `WORKERS is ${config.server.workers} and PGlite serves one process`
          : undefined,
      description: 'PostgreSQL to use; without it PGlite keeps the data in DATA_DIR.',
    }),
  ),
  path: Type.String({
    env: 'DATA_DIR',
    default: './.data',
    minLength: 1,
    expected: 'a folder',
    description: 'Folder of the PGlite database, on a local disk; unused with DATABASE_URL.',
  }),
  migrateOnStart: Type.Boolean({
    env: 'MIGRATE_ON_START',
    default: false,
    defaultIn: { development: true, test: true },
    description: 'Apply pending migrations before the service starts.',
  }),
  poolSize: Type.Integer({
    env: 'DATABASE_POOL_SIZE',
    default: 10,
    minimum: 1,
    description: 'Most connections of a worker to PostgreSQL at a time.',
  }),
  connectTimeoutMs: Type.Integer({
    env: 'DATABASE_CONNECT_TIMEOUT_MS',
    default: 5_000,
    minimum: 1,
    description: 'How long to wait for a connection to PostgreSQL, in milliseconds.',
  }),
  statementTimeoutMs: Type.Integer({
    env: 'DATABASE_STATEMENT_TIMEOUT_MS',
    default: 30_000,
    minimum: 0,
    description: 'Longest statement of a request on PostgreSQL, in milliseconds; 0 for no limit.',
  }),
})

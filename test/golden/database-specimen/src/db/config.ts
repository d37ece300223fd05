import { parseIntoClientConfig } from 'pg-connection-string'
import { type Static, Type } from 'typebox'
import type { app, server } from '../config/base.ts'

interface OtherSettings {
  app: Static<typeof app>
  server: Static<typeof server>
}

/** Whether the driver finds a host and a database in the URL, and nothing was cut off. */
function isDatabaseUrl(text: string): boolean {
  try {
    const { database } = parseIntoClientConfig(text)
    return !!database && !/[/@]/.test(database) && !text.includes('#')
  } catch {
    return false
  }
}

function whyPostgres({ app, server }: OtherSettings): string | undefined {
  if (app.environment === 'production') return 'NODE_ENV is production'
  return server.workers > 1
    ? `WORKERS is ${server.workers} and PGlite serves one process`
    : undefined
}

/** Where the data is: in PostgreSQL if `url` is set, in PGlite in the folder `path` otherwise. */
export const database = Type.Object({
  url: Type.Optional(
    Type.Refine(
      Type.String({
        env: 'DATABASE_URL',
        secret: true,
        pattern: '^postgres(ql)?://',
        expected:
          'a URL such as postgres://user:password@host:5432/name, with special characters in the ' +
          'password percent-encoded (# as %23)',
        neededBecause: whyPostgres,
        description: 'PostgreSQL server; without it PGlite keeps the data in DATA_DIR.',
      }),
      isDatabaseUrl,
    ),
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
    description: 'Maximum number of PostgreSQL connections of each worker.',
  }),
})

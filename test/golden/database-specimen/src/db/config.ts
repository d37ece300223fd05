import { parseIntoClientConfig } from 'pg-connection-string'
import { type Static, Type } from 'typebox'
import type { app, server } from '../config/base.ts'
import { integer, optionalText } from '../config/types.ts'

interface Settings {
  app: Static<typeof app>
  server: Static<typeof server>
  database: { url?: string }
}

/** Whether the driver finds a host and a database in the URL, and nothing was cut off; may throw. */
function isDatabaseUrl(text: string): boolean {
  const { database } = parseIntoClientConfig(text)
  return !!database && !/[/@]/.test(database) && !text.includes('#')
}

const urlExample =
  'a URL such as postgres://user:password@host:5432/name, with special characters in the ' +
  'password percent-encoded (# as %23)'

function missingUrl({ app, server, database }: Settings): string | undefined {
  if (database.url) return undefined
  if (app.environment === 'production') return `${urlExample}, because NODE_ENV is production`
  return server.workers > 1
    ? `${urlExample}, because WORKERS is ${server.workers} and PGlite serves one process`
    : undefined
}

/** Where the data is: in PostgreSQL if `url` is set, in PGlite in the folder `path` otherwise. */
export const database = Type.Object({
  /** PostgreSQL server; without it PGlite keeps the data in DATA_DIR. */
  url: optionalText({
    env: 'DATABASE_URL',
    secret: true,
    pattern: '^postgres(ql)?://',
    isValid: isDatabaseUrl,
    expected: urlExample,
    conflict: missingUrl,
  }),
  /** Folder of the PGlite database, on a local disk; unused with DATABASE_URL. */
  path: Type.String({ env: 'DATA_DIR', default: './.data', minLength: 1, expected: 'a folder' }),
  /** Apply pending migrations before the service starts; `safe` stops at one that may lose data. */
  migrateOnStart: Type.Enum(['true', 'safe', 'false'], {
    env: 'MIGRATE_ON_START',
    default: 'false',
    defaultIn: { development: 'safe', test: 'true' },
  }),
  /** Maximum number of PostgreSQL connections of each worker. */
  poolSize: integer('DATABASE_POOL_SIZE', 10, { minimum: 1 }),
  /** Statements that take longer (ms) are counted as slow. */
  slowQueryMs: integer('SLOW_QUERY_MS', 500, { minimum: 1 }),
})

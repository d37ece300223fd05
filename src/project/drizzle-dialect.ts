/** Modules of drizzle-orm that speak to PostgreSQL. */
export const postgresDrivers = [
  'node-postgres',
  'postgres-js',
  'pglite',
  'neon',
  'neon-http',
  'neon-serverless',
  'vercel-postgres',
  'aws-data-api/pg',
  'bun-sql',
  'bun-sql/postgres',
  'netlify-db',
  'pg-proxy',
  'prisma/pg',
  'xata-http',
]

const postgres = new Set(postgresDrivers.map((name) => `drizzle-orm/${name}`))

const others: readonly (readonly [RegExp, string])[] = [
  [/mysql|planetscale|tidb/, 'MySQL'],
  [/sqlite|libsql|turso|sql-js|\bd1$/, 'SQLite'],
  [/mssql/, 'SQL Server'],
]

/** Whether `drizzle` of a module makes a handle of PostgreSQL. */
export function isPostgres(driver: string): boolean {
  return postgres.has(driver)
}

/** The name of the database behind a module, or a dialect of drizzle-kit. */
export function databaseName(word: string): string {
  return others.find(([pattern]) => pattern.test(word))?.[1] ?? word.replace(/^drizzle-orm\//, '')
}

import fp from 'fastify-plugin'
import { type Database, type DatabaseClient, openDatabase } from './client.ts'
import { mapDatabaseError } from './errors.ts'
import { measureDatabase } from './metrics.ts'
import { createMigrator, idsOf, type MigrationStatus } from './migrator.ts'

declare module 'fastify' {
  interface FastifyInstance {
    db: Database
  }
}

declare module '../app.ts' {
  interface Overrides {
    /** An open database instead of the configured one; closed with the service. */
    database?: DatabaseClient
    /** A folder instead of `migrations/`. */
    migrationsFolder?: string
  }
}

/** The database of the service, `app.db`. The service isn't ready while it and the files differ. */
export const database = fp(
  async (app) => {
    const { config, log, overrides } = app
    const client =
      overrides.database ??
      (await openDatabase(config.database, (err) => log.warn({ err }, 'database connection lost')))
    app.decorate('db', client.db)
    measureDatabase(app.metrics, client, config.database.slowQueryMs)
    app.addHook('onClose', () => client.close())
    app.mapErrors(mapDatabaseError)

    const { migrateOnStart } = config.database
    const migrator = createMigrator(client, overrides.migrationsFolder)
    // Kept once it is true: nothing becomes pending or missing while the service runs.
    let isCurrent = false
    async function assertNone(advice: string, ...states: MigrationStatus['state'][]) {
      if (isCurrent) return
      const status = await migrator.status()
      isCurrent = status.every(({ state }) => state === 'applied')
      const ids = states.flatMap((state) => idsOf(status, state))
      if (ids.length > 0) throw new Error(`${advice}: ${ids.join(', ')}`)
    }
    const why = migrateOnStart === 'safe' ? 'Waiting, because the first may lose data' : 'Pending'
    const assertMigrated = () => assertNone(`Run \`db migrate\`. ${why}`, 'pending')
    const assertFiles = () => assertNone('Run `db check`. Changed or missing', 'changed', 'missing')
    if (migrateOnStart !== 'false') {
      for (const id of await migrator.migrate(migrateOnStart === 'safe')) {
        log.info({ migration: id }, 'migration applied')
      }
      const warn = ({ message }: Error) => log.warn(message)
      await assertMigrated().catch(warn)
      await assertFiles().catch(warn)
    }
    const check = (name: string, critical: boolean, run: () => Promise<unknown>) =>
      app.healthChecks.add({ name, critical, check: run })
    check('database', true, () => client.query('SELECT 1'))
    check('migrations', true, assertMigrated)
    // A release that is rolled back runs on a database that a later one has migrated.
    check('migration-files', migrateOnStart !== 'false', assertFiles)

    let stopCommands = async () => {}
    // Only when it listens: an app that a test injects into isn't a server.
    app.addHook('onListen', async () => {
      if (client.lock === undefined) return
      stopCommands = client.lock.serveCommands(async ({ args, input = '' }, io) => {
        const { runCli } = await import('../cli/program.ts')
        const readInput = async () => input
        return runCli(args, { io, env: {}, readInput, config: () => config, database: client })
      })
    })
    app.addHook('preClose', () => stopCommands())
  },
  { name: 'database', dependencies: ['errors', 'health'] },
)

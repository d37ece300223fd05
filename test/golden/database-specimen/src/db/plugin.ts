import fp from 'fastify-plugin'
import { type Database, type DatabaseClient, openDatabase } from './client.ts'
import { mapDatabaseError } from './errors.ts'
import { createMigrator, idsOf } from './migrator.ts'

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

/** The database of the service, `app.db`. The service isn't ready while migrations are pending. */
export const database = fp(
  async (app) => {
    const { config, log, overrides } = app
    const client =
      overrides.database ??
      (await openDatabase(config.database, (err) => log.warn({ err }, 'database connection lost')))
    app.decorate('db', client.db)
    app.addHook('onClose', () => client.close())
    app.mapErrors(mapDatabaseError)

    const migrator = createMigrator(client, overrides.migrationsFolder)
    // No migration becomes pending while the service runs, so the answer is kept once it is yes.
    let migrated = config.database.migrateOnStart
    if (migrated) {
      for (const id of await migrator.migrate()) log.info({ migration: id }, 'migration applied')
    }
    async function assertMigrated() {
      if (migrated) return
      const pending = idsOf(await migrator.status(), 'pending')
      if (pending.length > 0) throw new Error(`Run \`db migrate\`. Pending: ${pending.join(', ')}`)
      migrated = true
    }
    const critical = true
    app.healthChecks.add({ name: 'database', critical, check: () => client.query('SELECT 1') })
    app.healthChecks.add({ name: 'migrations', critical, check: assertMigrated })

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

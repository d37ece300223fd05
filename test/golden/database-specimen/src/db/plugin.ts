import fp from 'fastify-plugin'
import { type Database, type DatabaseClient, openDatabase } from './client.ts'
import { type CommandServer, serveCommands } from './command-server.ts'
import { mapDatabaseError } from './errors.ts'
import { createMigrator } from './migrator.ts'

declare module 'fastify' {
  interface FastifyInstance {
    db: Database
  }
}

declare module '../app.ts' {
  interface Overrides {
    /** An open database in place of the configured one; closed with the service. */
    database?: DatabaseClient
    /** A folder in place of `migrations/`. */
    migrationsFolder?: string
  }
}

/** The database of the service, `app.db`. While migrations are pending the service is not ready. */
export const database = fp(
  async (app) => {
    const { config, log, overrides } = app
    const client =
      overrides.database ??
      (await openDatabase(config.database, {
        onConnectionLost: (error) => log.warn({ err: error }, 'database connection lost'),
      }))
    app.decorate('db', client.db)
    app.addHook('onClose', () => client.close())
    app.mapErrors(mapDatabaseError)

    const migrator = createMigrator(client, {
      folder: overrides.migrationsFolder,
      onWait: () => log.info('waiting for another process to migrate'),
    })
    if (config.database.migrateOnStart) {
      for (const id of await migrator.migrate()) log.info({ migration: id }, 'migration applied')
    }

    app.healthChecks.add({
      name: 'database',
      critical: true,
      check: () => client.query('SELECT 1'),
    })
    app.healthChecks.add({
      name: 'migrations',
      critical: true,
      async check() {
        const pending = (await migrator.status()).filter(({ state }) => state === 'pending')
        if (pending.length === 0) return
        throw new Error(`Pending, run \`db migrate\`: ${pending.map(({ id }) => id).join(', ')}`)
      },
    })

    const { lock } = client
    if (lock === undefined) return
    let commands: CommandServer | undefined
    // Not before it listens: an app that a test injects into is no server.
    app.addHook('onListen', async () => {
      commands = serveCommands(lock, async ({ args, input = '' }, io) => {
        const { runCli } = await import('../cli/program.ts')
        const readInput = async () => input
        return runCli(args, { io, env: {}, readInput, config: () => config, database: client })
      })
    })
    app.addHook('preClose', async () => commands?.close())
  },
  { name: 'database', dependencies: ['errors', 'health'] },
)

import type { FastifyInstance } from 'fastify'

/** Runs `work` while no session can be deleted. */
export async function withStuckSessions<T>(
  app: FastifyInstance,
  work: () => Promise<T>,
): Promise<T> {
  await app.db.execute(`CREATE FUNCTION auth_stuck() RETURNS trigger LANGUAGE plpgsql
    AS $$ BEGIN RAISE EXCEPTION 'stuck'; END $$`)
  await app.db.execute(`CREATE TRIGGER auth_stuck BEFORE DELETE ON auth_sessions
    FOR EACH STATEMENT EXECUTE FUNCTION auth_stuck()`)
  try {
    return await work()
  } finally {
    await app.db.execute('DROP FUNCTION auth_stuck CASCADE')
  }
}

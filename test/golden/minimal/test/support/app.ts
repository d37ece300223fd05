import type { FastifyInstance } from 'fastify'
import { buildApp, type Overrides } from '../../src/app.ts'
import { type Env, loadConfig } from '../../src/config/index.ts'
import { neededEnv } from './environment.ts'
import { testOverrides } from './overrides.ts'

/**
 * The service for a test: it doesn't listen and logs nothing.
 *
 * @param env variables that differ from those of a test
 * @param overrides parts that differ from those of a test
 */
export async function testApp(env: Env = {}, overrides: Overrides = {}): Promise<FastifyInstance> {
  const config = loadConfig({ NODE_ENV: 'test', LOG_LEVEL: 'silent', ...neededEnv, ...env })
  return buildApp(config, { ...(await testOverrides()), ...overrides })
}

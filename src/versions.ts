import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'

/** Where this program is installed, or checked out. */
export const packageRoot = fileURLToPath(new URL('..', import.meta.url))

const own = createRequire(import.meta.url)('../package.json') as { readonly version: string }

/** The version of this program. */
export const toolVersion = own.version

/** Every version that a template asks for. They were installed and tested together. */
export const versions: Readonly<Record<string, string>> = {
  '@biomejs/biome': '2.5.15',
  '@electric-sql/pglite': '0.5.16',
  '@fastify/ajv-compiler': '4.0.7',
  '@fastify/swagger': '9.9.3',
  '@fastify/swagger-ui': '6.1.3',
  '@fastify/type-provider-typebox': '6.3.0',
  '@types/autocannon': '7.12.7',
  '@types/node': '20.19.0',
  '@types/pg': '8.23.1',
  '@vitest/coverage-v8': '4.1.12',
  autocannon: '8.0.0',
  commander: '14.0.3',
  'content-disposition': '^2.0.1',
  cookie: '^1.1.1',
  'drizzle-kit': '0.31.11',
  'drizzle-orm': '0.45.4',
  fastify: '5.12.8',
  'fastify-plugin': '6.0.1',
  'fastify-plugin@4': '4.5.1',
  'find-my-way': '9.10.1',
  ioredis: '6.0.0',
  jose: '6.2.17',
  'lru-cache': '11.5.3',
  pg: '8.23.1',
  'pg-connection-string': '2.14.1',
  pino: '10.4.0',
  'prom-client': '15.1.3',
  tsx: '4.23.15',
  typebox: '1.4.3',
  typescript: '7.0.2',
  vitest: '4.1.12',
  yaml: '2.9.1',
}

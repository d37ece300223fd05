import { Type } from 'typebox'
import { name } from '../about.ts'

/** The Redis that the processes of the service share, if there is one. */
export const redis = Type.Object({
  url: Type.Optional(
    Type.String({
      env: 'REDIS_URL',
      secret: true,
      pattern: '^rediss?://',
      expected: 'a URL such as redis://:password@host:6379/0',
      description: 'Redis to use; without it each process keeps what it would hold.',
    }),
  ),
  keyPrefix: Type.String({
    env: 'REDIS_KEY_PREFIX',
    default: `${name}:`,
    description: 'What the names of all keys begin with.',
  }),
  connectTimeoutMs: Type.Integer({
    env: 'REDIS_CONNECT_TIMEOUT_MS',
    default: 2_000,
    minimum: 1,
    description: 'How long to wait for a connection to Redis, in milliseconds.',
  }),
  commandTimeoutMs: Type.Integer({
    env: 'REDIS_COMMAND_TIMEOUT_MS',
    default: 500,
    minimum: 1,
    description: 'How long to wait for an answer of Redis, in milliseconds.',
  }),
})

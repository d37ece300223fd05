import { expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/index.ts'
import { neededEnv } from '../../support/environment.ts'

const database = (env: Record<string, string>) => loadConfig(env).database

test('without a variable the data is in ./.data', () => {
  expect(database({})).toEqual({
    path: './.data',
    migrateOnStart: true,
    poolSize: 10,
    connectTimeoutMs: 5_000,
    statementTimeoutMs: 30_000,
  })
})

test('in production nothing migrates by itself', () => {
  const production = { ...neededEnv, NODE_ENV: 'production' }
  expect(database(production).migrateOnStart).toBe(false)
  expect(database({ ...production, MIGRATE_ON_START: 'true' }).migrateOnStart).toBe(true)
})

test('DATABASE_URL must be one of PostgreSQL, and is not repeated', () => {
  expect(database({ DATABASE_URL: 'postgresql://host/name' }).url).toBe('postgresql://host/name')
  expect(() => loadConfig({ DATABASE_URL: 'mysql://root:secret@host/name' })).toThrow('postgres://')
  expect(() => loadConfig({ DATABASE_URL: 'mysql://root:secret@host/name' })).not.toThrow('secret')
})

test('several workers need PostgreSQL, which is said before anything is opened', () => {
  const url = 'postgres://host/name'
  expect(loadConfig({ WORKERS: '2', DATABASE_URL: url }).server.workers).toBe(2)
  expect(() => loadConfig({ WORKERS: '2' })).toThrow(
    'DATABASE_URL is not set; expected a URL such as postgres://user:password@host:5432/name, ' +
      'because WORKERS is 2 and PGlite serves one process',
  )
})

import { expect, test } from 'vitest'
import { type Env, loadConfig } from '../../src/config/index.ts'
import { neededEnv } from '../support/environment.ts'

const settings = (env: Env) => loadConfig(env).database
const production = { ...neededEnv, NODE_ENV: 'production' }

test('keeps the data in ./.data by default', () => {
  expect(settings({})).toEqual({
    path: './.data',
    migrateOnStart: 'safe',
    poolSize: 10,
    slowQueryMs: 500,
  })
})

test('applies in development what loses no data, in production nothing', () => {
  expect(settings({ NODE_ENV: 'development' }).migrateOnStart).toBe('safe')
  expect(settings({ NODE_ENV: 'test' }).migrateOnStart).toBe('true')
  expect(settings(production).migrateOnStart).toBe('false')
  expect(settings({ ...production, MIGRATE_ON_START: 'true' }).migrateOnStart).toBe('true')
})

test('refuses production without DATABASE_URL', () => {
  expect(() => settings({ ...production, DATABASE_URL: '' })).toThrow(
    /DATABASE_URL is not set; expected a URL such as postgres:.* because NODE_ENV is production/,
  )
})

test('refuses several workers without DATABASE_URL', () => {
  expect(settings({ WORKERS: '2', DATABASE_URL: 'postgres://host/name' }).poolSize).toBe(10)
  expect(() => settings({ WORKERS: '2' })).toThrow('WORKERS is 2 and PGlite serves one process')
})

test.each([
  'postgres://user:password@host:5432/name',
  'postgresql://host/name',
  'postgres://user:se%23cret%25%2F@host/name?sslmode=verify-full',
  'postgres://user:se@cret@host/name',
  'postgres:///name?host=/var/run/postgresql',
  'postgres://user@[::1]:5432/name?options=-c%20search_path%3Dapp',
])('accepts %s', (url) => {
  expect(settings({ DATABASE_URL: url }).url).toBe(url)
})

test.each([
  'mysql://user:secret@host/name',
  'postgres://user:secret@host',
  'postgres://user:secret@host:5432/',
  'postgres://user:se#secret@host/name',
  'postgres://user:12#secret@host/name',
  'postgres://user:12/secret@host/name',
  'postgres://user:12?secret@host/name',
  'postgres://user:%E0secret@host/name',
  'postgres://user:secret@host:99999/name',
])('refuses %s and does not repeat the password', (url) => {
  const load = () => settings({ DATABASE_URL: url })
  expect(load).toThrow(/DATABASE_URL has a wrong value; expected .*percent-encoded/)
  expect(load).not.toThrow('secret')
})

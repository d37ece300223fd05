import { describe, expect, test } from 'vitest'
import { ConfigError, type Env, loadConfig } from '../../src/config/index.ts'
import { neededEnv } from '../support/environment.ts'

const production = { ...neededEnv, NODE_ENV: 'production' }

function faultsOf(env: Env) {
  try {
    loadConfig(env)
    return []
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError)
    return (error as ConfigError).faults
  }
}

test('an empty environment gives the defaults of development', () => {
  const config = loadConfig({})
  expect(config.app).toEqual({ environment: 'development', debug: false })
  expect(config.server).toMatchObject({ host: '127.0.0.1', port: 8000, apiPrefix: '/api/v1' })
  expect(config.docs.enabled).toBe(true)
})

test('production closes the documentation, and an explicit value opens it', () => {
  expect(loadConfig(production).docs.enabled).toBe(false)
  expect(loadConfig({ ...production, DOCS_ENABLED: 'true' }).docs.enabled).toBe(true)
})

test('an empty variable counts as unset', () => {
  const config = loadConfig({ NODE_ENV: '', PORT: '', LOG_LEVEL: '', TRUST_PROXY: '' })
  expect(config).toEqual(loadConfig({}))
})

test('text becomes the type of the setting', () => {
  const config = loadConfig({
    PORT: '9000',
    APP_DEBUG: 'TRUE',
    DOCS_ENABLED: '0',
    LOG_LEVEL: 'WARN',
    TRUST_PROXY: 'loopback, 10.0.0.0/8,::1',
  })
  expect(config.server.port).toBe(9000)
  expect(config.app.debug).toBe(true)
  expect(config.docs.enabled).toBe(false)
  expect(config.logging.level).toBe('warn')
  expect(config.server.trustProxy).toEqual(['loopback', '10.0.0.0/8', '::1'])
})

test('every fault is reported at once, each with its variable and what is expected', () => {
  const faults = faultsOf({ PORT: '80a', LOG_LEVEL: 'loud', APP_DEBUG: 'perhaps', HOST: 'x' })
  expect(faults).toEqual([
    { variable: 'APP_DEBUG', problem: 'is "perhaps"', expected: 'true or false' },
    {
      variable: 'LOG_LEVEL',
      problem: 'is "loud"',
      expected: 'one of fatal, error, warn, info, debug, trace, silent',
    },
    { variable: 'PORT', problem: 'is "80a"', expected: 'a whole number from 0 to 65535' },
  ])
})

describe.each([
  ['NODE_ENV', 'staging'],
  ['PORT', '65536'],
  ['PORT', '-1'],
  ['PORT', '1.5'],
  ['PORT', '0x50'],
  ['WORKERS', '0'],
  ['WORKERS', '1.5'],
  ['API_PREFIX', 'api'],
  ['API_PREFIX', '/api/'],
  ['BODY_LIMIT', '0'],
  ['TRUST_PROXY', 'true'],
  ['TRUST_PROXY', '10.0.0.0/33'],
  ['TRUST_PROXY', '10.0.0.1,everyone'],
  ['SHUTDOWN_TIMEOUT_MS', '1e3'],
  ['CORS_ORIGINS', 'app.example.com'],
  ['CORS_ORIGINS', 'https://app.example.com/'],
  ['CORS_ORIGINS', 'https://*.example.com'],
  ['CORS_ORIGINS', 'https://APP.example.com'],
  ['CORS_ORIGINS', 'null'],
  ['CORS_ORIGINS', '*,https://app.example.com'],
  ['CORS_MAX_AGE', '-1'],
  ['HSTS_MAX_AGE', '-1'],
  ['REFERRER_POLICY', 'unsafe-url'],
  ['OVERLOAD_EVENT_LOOP_DELAY_MS', '-1'],
  ['OVERLOAD_HEAP_PERCENT', '101'],
  ['OVERLOAD_RETRY_AFTER_S', '0'],
])('%s=%s', (variable, value) => {
  test('is refused', () => {
    expect(faultsOf({ [variable]: value }).map((fault) => fault.variable)).toEqual([variable])
  })
})

test.each([
  [{ CORS_ORIGINS: '*', CORS_CREDENTIALS: 'true' }, 'CORS_CREDENTIALS', 'CORS_ORIGINS is *'],
  [{ HSTS_PRELOAD: 'true', HSTS_MAX_AGE: '60' }, 'HSTS_PRELOAD', 'HSTS_MAX_AGE of at least'],
  [{ HSTS_PRELOAD: 'true', HSTS_SUBDOMAINS: 'false' }, 'HSTS_PRELOAD', 'needs HSTS_SUBDOMAINS'],
])('%j is refused, though each part is right', (env, variable, reason) => {
  const faults = faultsOf({ ...production, ...env })
  expect(faults).toMatchObject([
    { variable, problem: 'is "true"', expected: expect.stringMatching('^false, because ') },
  ])
  expect(faults[0]?.expected).toContain(reason)
})

test('no page of another origin is let in by default, but those of development', () => {
  expect(loadConfig(production).cors.origins).toEqual([])
  expect(loadConfig({ NODE_ENV: 'development' }).cors.origins).not.toContain('*')
})

test('an overload is noticed in production, and in tests only if they ask for it', () => {
  const limits = { eventLoopDelayMs: 1_000, heapPercent: 95, retryAfterS: 5 }
  expect(loadConfig(production).overload).toEqual(limits)
  expect(loadConfig({ NODE_ENV: 'test' }).overload).toMatchObject({
    eventLoopDelayMs: 0,
    heapPercent: 0,
  })
})

test('the message names everything that is wrong', () => {
  expect(() => loadConfig({ PORT: 'x', APP_DEBUG: 'y' })).toThrow(
    /APP_DEBUG is "y"; expected true or false\n {2}PORT is "x"; expected a whole number/,
  )
})

test('nothing in it can be changed', () => {
  const config = loadConfig({ TRUST_PROXY: '10.0.0.1' })
  expect(Object.isFrozen(config)).toBe(true)
  expect(Object.isFrozen(config.server)).toBe(true)
  expect(Object.isFrozen(config.server.trustProxy)).toBe(true)
})

test('two configurations share no default', () => {
  expect(loadConfig({}).server.trustProxy).not.toBe(loadConfig({}).server.trustProxy)
})

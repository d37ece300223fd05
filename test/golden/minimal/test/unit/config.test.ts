import { describe, expect, test } from 'vitest'
import { ConfigError, type Env, loadConfig } from '../../src/config/index.ts'

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
  expect(loadConfig({ NODE_ENV: 'production' }).docs.enabled).toBe(false)
  expect(loadConfig({ NODE_ENV: 'production', DOCS_ENABLED: 'true' }).docs.enabled).toBe(true)
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
  ['API_PREFIX', 'api'],
  ['API_PREFIX', '/api/'],
  ['BODY_LIMIT', '0'],
  ['TRUST_PROXY', 'true'],
  ['TRUST_PROXY', '10.0.0.0/33'],
  ['TRUST_PROXY', '10.0.0.1,everyone'],
  ['SHUTDOWN_TIMEOUT_MS', '1e3'],
])('%s=%s', (variable, value) => {
  test('is refused', () => {
    expect(faultsOf({ [variable]: value }).map((fault) => fault.variable)).toEqual([variable])
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

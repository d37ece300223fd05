import Fastify from 'fastify'
import { Type } from 'typebox'
import { describe, expect, test } from 'vitest'
import {
  ConfigError,
  type Env,
  loadConfig,
  type Setting,
  type SettingSchema,
} from '../../../src/config/index.ts'

/** The faults of settings that are not those of the service. */
function faultsOf(env: Env, schema: object) {
  try {
    loadConfig(env, [settingOf(schema as SettingSchema)])
    return []
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    return error.faults
  }
}

function settingOf(schema: SettingSchema): Setting {
  return { section: 'sample', key: schema.env, optional: Type.IsOptional(schema), schema }
}

function valueIn(schema: object, text: string): unknown {
  const config: object = loadConfig({ X: text }, [settingOf(schema as SettingSchema)])
  return (config as { sample: { X: unknown } }).sample.X
}

test('the value of a secret is in no fault', () => {
  const env = { TOKEN: 'hunter2' }
  expect(faultsOf(env, Type.Integer({ env: 'TOKEN' }))).toMatchObject([{ problem: 'is "hunter2"' }])
  expect(faultsOf(env, Type.Integer({ env: 'TOKEN', secret: true }))).toEqual([
    { variable: 'TOKEN', problem: 'has a wrong value', expected: 'a whole number' },
  ])
})

test('a required setting is reported if it is missing, an optional one is not', () => {
  expect(faultsOf({}, Type.String({ env: 'TOKEN' }))).toEqual([
    { variable: 'TOKEN', problem: 'is not set', expected: 'text' },
  ])
  expect(faultsOf({}, Type.Optional(Type.String({ env: 'TOKEN' })))).toEqual([])
})

test('another setting may require an optional one, or contradict its value', () => {
  const expected = 'a URL, because WORKERS is 2'
  const schema = Type.Optional(Type.String({ env: 'BROKER', conflict: () => expected }))
  expect(faultsOf({}, schema)).toEqual([{ variable: 'BROKER', problem: 'is not set', expected }])
  expect(faultsOf({ BROKER: 'x' }, schema)).toEqual([
    { variable: 'BROKER', problem: 'is "x"', expected },
  ])
  expect(faultsOf({ BROKER: 'x' }, { ...schema, secret: true })).toMatchObject([
    { problem: 'has a wrong value' },
  ])
  expect(faultsOf({ BROKER: 'x' }, { ...schema, conflict: () => undefined })).toEqual([])
})

test('a parser that throws refuses the value', () => {
  const schema = Type.Refine(Type.String({ env: 'ADDRESS' }), (text) => Boolean(new URL(text)))
  expect(faultsOf({ ADDRESS: 'https://a.example' }, schema)).toEqual([])
  expect(faultsOf({ ADDRESS: 'https://[' }, schema)).toMatchObject([{ variable: 'ADDRESS' }])
})

test.each([
  [Type.Integer({ env: 'X' }), '-2', -2],
  [Type.Integer({ env: 'X' }), '007', 7],
  [Type.Boolean({ env: 'X' }), '1', true],
  [Type.Array(Type.String(), { env: 'X' }), ' a, ,b ', ['a', 'b']],
  [Type.Enum(['cache_aside'], { env: 'X' }), 'CACHE_ASIDE', 'cache_aside'],
  [Type.String({ env: 'X' }), ' a b\r\n', 'a b'],
])('%j reads %j as %j', (schema, text, value) => {
  expect(valueIn(schema, text)).toEqual(value)
})

test.each([
  [Type.Integer({ env: 'X' }), 'NaN'],
  [Type.Integer({ env: 'X' }), '1e3'],
  [Type.Integer({ env: 'X' }), '2.5'],
  [Type.Integer({ env: 'X' }), '9007199254740993'],
  [Type.Integer({ env: 'X' }), '1_000'],
  [Type.Integer({ env: 'X' }), '+1'],
  [Type.Boolean({ env: 'X' }), 'yes'],
])('%j refuses %j', (schema, text) => {
  expect(() => valueIn(schema, text)).toThrow(ConfigError)
})

test.each([
  [Type.Integer({ env: 'X', minimum: 1 }), 'a whole number from 1'],
  [Type.Integer({ env: 'X', minimum: 1, maximum: 9 }), 'a whole number from 1 to 9'],
  [Type.Integer({ env: 'X' }), 'a whole number'],
  [Type.Array(Type.String(), { env: 'X' }), 'a list separated by commas'],
  [Type.String({ env: 'X', expected: 'a path' }), 'a path'],
])('%j says what it expects', (schema, words) => {
  expect(faultsOf({}, schema)).toMatchObject([{ expected: words }])
})

describe('TRUST_PROXY', () => {
  const addresses = ['10.0.0.1', '::1', '::ffff:10.0.0.1', 'fe80::1%eth0', '010.0.0.1', 'a.example']
  const suffixes = [
    '',
    '/',
    '/0',
    '/1',
    '/8',
    '/32',
    '/33',
    '/128',
    '/129',
    '/08',
    '/-1',
    '/1e1',
    '/8/8',
  ]
  const names = ['loopback', 'linklocal', 'uniquelocal', 'private', 'true', 'loopback/8']
  const texts = [...names, ...addresses.flatMap((address) => suffixes.map((it) => address + it))]

  test.each(texts)('accepts %s only if Fastify does', (text) => {
    const isAccepted = isLoadable({ TRUST_PROXY: text })
    const isUnderstood = succeeds(() => Fastify({ trustProxy: [text] }))
    expect(isAccepted && !isUnderstood).toBe(false)
  })
})

test.each(['[::1', '::1]', '[127.0.0.1', 'http://a', 'a:80', 'a b', '-', 'a..b', '*', '1.2.3'])(
  'HOST cannot be %s',
  (host) => expect(isLoadable({ HOST: host })).toBe(false),
)

test.each([
  '::',
  '[::]',
  'fe80::1%eth0',
  'localhost',
  'my_service',
  'a.example.',
  'xn--bcher-kva.de',
])('HOST can be %s', (host) => expect(isLoadable({ HOST: host })).toBe(true))

test.each(['https://docs.example.com', 'http://[::1]:8000/a', ''])(
  'PROBLEM_BASE_URI can be %j',
  (uri) => expect(isLoadable({ PROBLEM_BASE_URI: uri })).toBe(true),
)

test.each(['docs.example.com', 'ftp://a', 'http://:', 'https://a?b', 'https://a#b', 'https://a b'])(
  'PROBLEM_BASE_URI cannot be %j',
  (uri) => expect(isLoadable({ PROBLEM_BASE_URI: uri })).toBe(false),
)

test.each(['SHUTDOWN_DELAY_MS', 'SHUTDOWN_TIMEOUT_MS', 'OVERLOAD_EVENT_LOOP_DELAY_MS'])(
  '%s is no more than a timer can hold',
  (variable) => {
    expect(isLoadable({ [variable]: '86400000' })).toBe(true)
    expect(isLoadable({ [variable]: '2147483648' })).toBe(false)
  },
)

function isLoadable(env: Env): boolean {
  return succeeds(() => loadConfig(env))
}

function succeeds(act: () => unknown): boolean {
  try {
    act()
    return true
  } catch {
    return false
  }
}

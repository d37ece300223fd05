import { readFileSync } from 'node:fs'
import { expect, test, vi } from 'vitest'
import { findFault, findGap } from '../../src/config/faults.ts'
import { loadConfig } from '../../src/config/index.ts'
import { expectation, parse } from '../../src/config/parse.ts'
import { settings } from '../../src/config/settings.ts'

const example = readFileSync(new URL('../../.env.example', import.meta.url), 'utf8')

test('.env.example names the variables of the settings, all of them and no other', () => {
  const named = [...example.matchAll(/^(?:# )?([A-Z][A-Z0-9_]*)=/gm)].map((match) => match[1])
  expect(named.sort()).toEqual(settings.map((setting) => setting.env).sort())
})

test('.env.example consists of blocks, each under the name of its section', () => {
  const titles = example
    .trim()
    .split('\n\n')
    .map((block) => block.split('\n', 1)[0])
  const sections = new Set(settings.map((setting) => `# ${setting.section}`))
  expect(titles.sort()).toEqual([...sections].sort())
})

test('every setting has a variable of its own and says what it is for', () => {
  expect(new Set(settings.map((setting) => setting.env)).size).toBe(settings.length)
  for (const setting of settings) {
    expect(setting.env).toMatch(/^[A-Z][A-Z0-9_]*$/)
    expect(setting.description, setting.env).not.toBe('')
  }
})

test('a secret is in no fault', () => {
  const schema = { env: 'TOKEN', type: 'integer' }
  const setting = { section: 'x', key: 'y', env: 'TOKEN', description: '', schema, optional: false }
  const env = { TOKEN: 'hunter2' }
  expect(findFault(env, { ...setting, secret: false }, 'hunter2')?.problem).toBe('is "hunter2"')
  expect(findFault(env, { ...setting, secret: true }, 'hunter2')).toEqual({
    variable: 'TOKEN',
    problem: 'has a wrong value',
    expected: 'a whole number',
  })
})

test('what is needed and not set is a fault, unless it is optional', () => {
  const schema = { env: 'TOKEN', type: 'string' }
  const setting = { section: 'x', key: 'y', env: 'TOKEN', description: '', schema, secret: true }
  expect(findFault({}, { ...setting, optional: true }, undefined)).toBeUndefined()
  expect(findFault({}, { ...setting, optional: false }, undefined)).toEqual({
    variable: 'TOKEN',
    problem: 'is not set',
    expected: 'text',
  })
})

test('another setting may ask for an optional one', () => {
  const neededBecause = vi.fn(() => 'WORKERS is 2')
  const schema = { env: 'BROKER', type: 'string', expected: 'a URL', neededBecause }
  const rest = { section: 'server', env: 'BROKER', description: '', optional: true, secret: true }
  const config = loadConfig({})
  expect(findGap({}, config, { ...rest, key: 'broker', schema })).toEqual({
    variable: 'BROKER',
    problem: 'is not set',
    expected: 'a URL, because WORKERS is 2',
  })
  expect(neededBecause).toHaveBeenCalledWith(config)
  expect(findGap({}, config, { ...rest, key: 'port', schema })).toBeUndefined()
})

test('a value may not stand beside that of another setting', () => {
  const refusedBecause = vi.fn(() => ['false', 'WORKERS is 1'] as const)
  const schema = { env: 'SHARED', type: 'boolean', refusedBecause }
  const rest = { section: 'server', key: 'port', env: 'SHARED', description: '', optional: false }
  const env = { SHARED: 'hunter2' }
  const expected = 'false, because WORKERS is 1'
  expect(findGap(env, loadConfig({}), { ...rest, schema, secret: false })).toEqual({
    variable: 'SHARED',
    problem: 'is "hunter2"',
    expected,
  })
  expect(findGap(env, loadConfig({}), { ...rest, schema, secret: true })).toEqual({
    variable: 'SHARED',
    problem: 'has a wrong value',
    expected,
  })
})

test.each([
  [{ type: 'number' }, '-2.5', -2.5],
  [{ type: 'number' }, 'NaN', 'NaN'],
  [{ type: 'boolean' }, '1', true],
  [{ type: 'boolean' }, 'yes', 'yes'],
  [{ type: 'array' }, ' a, ,b ', ['a', 'b']],
  [{ enum: ['cache_aside'] }, 'CACHE_ASIDE', 'cache_aside'],
  [{ type: 'string' }, ' as is ', ' as is '],
])('%j reads %j as %j', (schema, text, value) => {
  expect(parse({ env: 'X', ...schema }, text)).toEqual(value)
})

test.each([
  [{ type: 'number', minimum: 1 }, 'a number of at least 1'],
  [{ type: 'number', maximum: 9 }, 'a number of at most 9'],
  [{ type: 'integer' }, 'a whole number'],
  [{ type: 'array' }, 'a list separated by commas'],
  [{ type: 'string', expected: 'a path' }, 'a path'],
])('%j expects %s', (schema, words) => {
  expect(expectation({ env: 'X', ...schema })).toBe(words)
})

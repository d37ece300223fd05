import { expect, test } from 'vitest'
import { name } from '../../src/about.ts'
import { loadConfig } from '../../src/config/index.ts'
import { isReadOnly, redisAddress } from '../../src/redis/connection.ts'
import { runCommand } from '../support/console.ts'

test('keys begin with the name of the service unless REDIS_KEY_PREFIX says something else', () => {
  expect(loadConfig({}).redis.keyPrefix).toBe(`${name}:`)
  expect(loadConfig({ REDIS_KEY_PREFIX: 'x:' }).redis.keyPrefix).toBe('x:')
})

test('a wrong REDIS_URL is refused without being shown', () => {
  const load = () => loadConfig({ REDIS_URL: 'http://:hunter2@localhost' })
  expect(load).toThrow('REDIS_URL has a wrong value')
  expect(load).not.toThrow('hunter2')
})

test.each([
  ["READONLY You can't write against a read only replica.", true],
  ["READONLY You can't write against a read only replica. script: 1f, on @user_script:13.", true],
  [
    "ERR Error running script (call to f_1f): @user_script:13: @user_script: 13: -READONLY You can't write against a read only replica.",
    true,
  ],
  ['ERR unknown command, with args beginning with: `READONLY`', false],
  ['LOADING Redis is loading the dataset in memory', false],
])('an error that says %j is of a replica: %s', (message, expected) => {
  expect(isReadOnly(new Error(message))).toBe(expected)
})

test('REDIS_URL is masked, and people are told only where it leads', async () => {
  const url = 'rediss://user:hunter2@cache.internal:6380/3'
  const { stdout } = await runCommand(['config', 'show'], { REDIS_URL: url })
  expect(stdout).toMatch(/^REDIS_URL +\*{8}$/m)
  expect(redisAddress(url)).toBe('cache.internal:6380/3')
  expect(redisAddress('redis://localhost')).toBe('localhost')
})

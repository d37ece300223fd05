import { expect, test } from 'vitest'
import { keptNames, MemoryRefusals, Tallies } from '../../../src/rate-limit/refusals.ts'
import { runCommand } from '../../support/console.ts'

const hour = 3_600_000

test('refusals are counted by client, route and agent, the most frequent first', async () => {
  const refusals = new MemoryRefusals()
  for (const client of ['b', 'a', 'a', 'c']) {
    refusals.add({ client, route: 'GET /x', agent: 'curl' })
  }
  expect(await refusals.top('client', 2, 1)).toEqual([
    { name: 'a', refused: 2 },
    { name: 'b', refused: 1 },
  ])
  expect(await refusals.top('route', 9, 1)).toEqual([{ name: 'GET /x', refused: 4 }])
  expect(await refusals.top('agent', 9, 1)).toEqual([{ name: 'curl', refused: 4 }])
})

test('hours are added up, and forgotten after a day', async () => {
  let now = 0
  const refusals = new MemoryRefusals(() => now)
  const refuse = () => refusals.add({ client: 'a', route: '', agent: '' })
  refuse()
  now = hour
  refuse()
  expect(await refusals.top('client', 9, 1)).toEqual([{ name: 'a', refused: 1 }])
  expect(await refusals.top('client', 9, 2)).toEqual([{ name: 'a', refused: 2 }])
  now = 24 * hour
  refuse()
  expect(await refusals.top('client', 9, 24)).toEqual([{ name: 'a', refused: 2 }])
  await refusals.close()
})

test('however many names there are, those with the highest counts stay', () => {
  const tallies = new Tallies()
  tallies.add('x'.repeat(500), 5)
  for (let name = 0; name < 10 * keptNames; name += 1) tallies.add(`once ${name}`)
  tallies.add('often', 7)
  const top = tallies.top(Number.POSITIVE_INFINITY)
  expect(top.length).toBeLessThanOrEqual(2 * keptNames)
  expect(top.slice(0, 2)).toEqual([
    { name: 'often', refused: 7 },
    { name: 'x'.repeat(200), refused: 5 },
  ])
})

test('monitor rate-limits without REDIS_URL says where the counts are', async () => {
  const { exitCode, stdout, stderr } = await runCommand(['monitor', 'rate-limits', '--top', '5'])
  expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: '' })
  expect(stderr).toContain('Set REDIS_URL, or ask the service: GET /api/v1/rate-limits?by=client')
})

test('monitor rate-limits with a Redis that is not there says so without its password', async () => {
  const env = { REDIS_URL: 'redis://:hunter2@127.0.0.1:1' }
  const { exitCode, stderr } = await runCommand(['monitor', 'rate-limits'], env)
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(/^Redis 127\.0\.0\.1:1 cannot be used: .*ECONNREFUSED/)
})

test.each([
  ['--top', '0'],
  ['--top', 'x'],
  ['--hours', '25'],
  ['--by', 'name'],
])('monitor rate-limits %s %s is not understood', async (option, value) => {
  const { exitCode } = await runCommand(['monitor', 'rate-limits', option, value])
  expect(exitCode).toBe(2)
})

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copiedService } from '../support/copied-service.ts'
import { succeed } from '../support/processes.ts'

/* The tests of a fresh service that run only on request, on PostgreSQL and Redis. */

const { DATABASE_URL, REDIS_URL } = process.env
const isGiven = DATABASE_URL !== undefined && REDIS_URL !== undefined
if (!isGiven) {
  process.stderr.write(
    'The load and chaos tests of a service are skipped: they need DATABASE_URL and REDIS_URL.\n',
  )
}

describe.skipIf(!isGiven)('the marks of a service', () => {
  const root = copiedService()
  const own = join(root, 'node_modules/.bin/create-service')
  const run = (mark: string) => succeed(root, [own, 'dev', 'test', '-m', mark], { CI: 'true' })

  it('answers and limits under load', async () => {
    const output = await run('load')
    expect(output).toMatch(/GET \/health\/live, 10 connections: \d+ requests\/s; ms: p50 \d+/)
    expect(output).toMatch(/✓ .*test\/load\/cache\.test\.ts/)
    expect(output).toMatch(/✓ .*test\/load\/rate-limit\.test\.ts/)
    expect(output).not.toMatch(/\d skipped/)
  })

  it('recovers from chaos', async () => {
    const output = await run('chaos')
    expect(output).toMatch(/A callee that hangs: p99 \d+ ms/)
    expect(output).toMatch(/✓ .*test\/chaos\/cache\.test\.ts/)
    expect(output).toMatch(/✓ .*test\/chaos\/postgres\.test\.ts/)
    expect(output).toMatch(/✓ .*test\/chaos\/rate-limit\.test\.ts/)
    expect(output).not.toMatch(/\d skipped/)
  })
})

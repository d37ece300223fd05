import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { copiedService } from '../support/copied-service.ts'
import { succeed } from '../support/processes.ts'

/* The tests of a fresh service that run only when they are asked for, on PostgreSQL. */

const given = process.env.DATABASE_URL
if (given === undefined) {
  process.stderr.write('No load and chaos tests of a service: DATABASE_URL is not set.\n')
}

describe.skipIf(given === undefined)('the marks of a service', { timeout: 180_000 }, () => {
  const root = copiedService()
  const own = join(root, 'node_modules/.bin/create-service')
  const run = (mark: string) => succeed(root, [own, 'dev', 'test', '-m', mark], { CI: 'true' })

  it('drops no request under load', async () => {
    const output = await run('load')
    expect(output).toMatch(/GET \/health\/live, 10 connections: \d+ requests\/s; ms: p50 \d+/)
    expect(output).toMatch(/two workers on PostgreSQL: .* 0 dropped/)
    expect(output).not.toContain('Left out: load tests')
  })

  it('gets over chaos', async () => {
    const output = await run('chaos')
    expect(output).toContain('PostgreSQL silent: ')
    expect(output).not.toContain('Left out')
  })
})

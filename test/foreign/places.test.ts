import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { complaintsOf, copyProject, install, snapshotOf, stateOf } from '../support/foreign.ts'
import { probe } from '../support/probe.ts'
import { ran, run } from '../support/run.ts'
import { closedProjects } from './closed-projects.ts'
import { health, middleware, router } from './words.ts'

const commands = [
  {
    command: router,
    paste: ["import webhooks from './routes/webhooks.js'", 'await app.register(webhooks)'],
  },
  {
    command: middleware,
    paste: ["import auditLog from './plugins/audit-log.js'", 'await app.register(auditLog)'],
  },
]

describe.each(closedProjects)('in $name no place is certain', (project) => {
  it.each(commands)('so $command says what to do', async ({ command, paste }) => {
    const root = copyProject(project)
    const before = snapshotOf(root)
    const { code, err } = await run(root, command)
    expect(code).toBe(3)
    expect(err).toContain(`refused ${project.code}`)
    for (const part of project.says) expect(err).toMatch(part)
    expect(err.split('\n').map((line) => line.trim())).toEqual(expect.arrayContaining(paste))
    expect(snapshotOf(root)).toEqual(before)
  })

  it('and JSON says it in a field each', async () => {
    const { code, out } = await run(copyProject(project), [...router, '--json'])
    expect(code).toBe(3)
    expect(JSON.parse(out)).toMatchObject({
      outcome: 'refused',
      changes: [],
      refusals: [{ code: project.code, snippet: expect.stringContaining('register(webhooks)') }],
    })
  })
})

describe('a place that is named', () => {
  it('is taken where there are two', async () => {
    const root = copyProject({ name: 'two-instances' })
    const before = stateOf(root)
    const into = ['--into', 'src/server.ts#admin']
    for (const command of [router, middleware]) await ran(root, [...command, ...into])
    install(root)
    expect(await complaintsOf(root)).toBe('')
    const [shop, admin] = await probe(join(root, 'src/server.ts'), [health])
    expect(shop?.answers[health]).toMatchObject({ status: 404 })
    expect(admin?.answers[health]).toEqual({ status: 200, body: { status: 'ok' } })
    expect(shop?.plugins).not.toContain('audit-log')
    expect(admin?.plugins).toContain('audit-log')

    const once = snapshotOf(root)
    for (const command of [router, middleware]) await ran(root, [...command, ...into])
    expect(snapshotOf(root)).toEqual(once)
    await ran(root, ['destroy', 'router', 'webhooks'])
    await ran(root, ['destroy', 'middleware', 'audit_log', '--no-install'])
    expect(stateOf(root)).toEqual(before)
  })
})

describe('a package of a monorepo', () => {
  it('is the same from the root with --cwd as from inside', async () => {
    const [inside, above] = [copyProject({ name: 'monorepo' }), copyProject({ name: 'monorepo' })]
    for (const command of [router, middleware]) {
      await ran(join(inside, 'packages/api'), command)
      await ran(above, [...command, '--cwd', 'packages/api'])
    }
    expect(stateOf(above)).toEqual(stateOf(inside))
    expect(stateOf(above)).toHaveProperty(['packages/api/src/routes/webhooks.ts'])
  })
})

describe('a folder without Fastify', () => {
  it.each([
    ['another framework', 'express-service'],
    ['the root of a monorepo', 'monorepo'],
  ])('%s is no project', async (_what, name) => {
    const root = copyProject({ name })
    const before = snapshotOf(root)
    for (const command of [router, middleware]) {
      const { code, err } = await run(root, command)
      expect(code).toBe(2)
      expect(err).toMatch(/fastify/i)
    }
    expect(snapshotOf(root)).toEqual(before)
  })
})

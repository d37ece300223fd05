import { describe, expect, it } from 'vitest'
import { ran } from '../support/run.ts'
import { createdService, product } from '../support/service.ts'
import { timesOf, treeOf } from '../support/tree.ts'

/** Law 2: the second identical run changes no byte and no time. */
describe('the second identical run', () => {
  const later = { now: new Date('2026-04-05T06:07:08Z') }

  it.each([
    ['generate resource', [...product]],
    [
      'add',
      [
        'add',
        'docker',
        'auth',
        'resilience',
        'rate-limit',
        'cache',
        'request-logging',
        'database',
        '--no-install',
      ],
    ],
    ['destroy resource', ['destroy', 'resource', 'Product']],
    ['generate router', ['generate', 'router', 'webhooks', '--prefix', '/webhooks']],
    ['generate middleware', ['generate', 'middleware', 'audit_log', '--after', 'errors']],
    ['generate migration', ['generate', 'migration', 'add_user_roles']],
    ['destroy router', ['destroy', 'router', 'webhooks']],
  ])('%s changes nothing', async (_name, argv) => {
    const root = await createdService('--preset', 'minimal')
    await ran(root, [...product, '--no-install'])
    await ran(root, argv)
    const before = { tree: treeOf(root), times: timesOf(root) }
    const second = await ran(root, argv, later)
    expect(second.out).toContain('Nothing to do')
    expect(second.err).toBe('')
    expect(treeOf(root)).toEqual(before.tree)
    expect(timesOf(root)).toEqual(before.times)
  })
})

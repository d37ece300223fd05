import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import { features } from '../../src/features/index.ts'
import { offered } from '../../src/features/selection.ts'
import { succeed } from '../support/processes.ts'
import { product } from '../support/service.ts'
import { temporaryFolder } from '../support/tree.ts'

/* Law 7 for every feature alone, for none, and for those that come to a service with resources. */

const { root: installed } = inject('service')
const own = join(installed, 'node_modules/.bin/create-service')
const env = { CI: 'true', DATABASE_URL: undefined, REDIS_URL: undefined }

/** A service with the packages of the one that has everything. */
async function created(...words: readonly string[]): Promise<string> {
  const folder = temporaryFolder()
  const program = [own, './my-app', '--yes', '--no-git', '--no-install', ...words]
  await succeed(folder, program, env)
  const root = join(folder, 'my-app')
  execFileSync('cp', ['-RlP', join(installed, 'node_modules'), root])
  return root
}

async function expectSound(root: string, tests: readonly string[]): Promise<void> {
  for (const script of ['lint', 'format:check', 'typecheck']) {
    await succeed(root, ['npm', 'run', script], env)
  }
  const output = await succeed(root, ['npx', 'vitest', 'run', ...tests], env)
  expect(output).not.toMatch(/deprecat|\bwarning\b/i)
}

describe('a service', () => {
  it.each(offered(features).map(({ id }) => id))('with %s alone is sound', async (id) => {
    const root = await created('--features', id)
    await expectSound(root, ['test/unit/', 'test/api/'])
  })

  it('without any feature is sound', async () => {
    const root = await created('--preset', 'minimal')
    await expectSound(root, ['test/unit/', 'test/api/'])
  })

  it('with resources gets features later, which protect and limit them', async () => {
    const root = await created('--features', 'database')
    const run = (...words: readonly string[]) => succeed(root, [own, ...words, '--no-install'], env)
    await run(...product)
    for (const id of ['cache', 'rate-limit', 'auth', 'request-logging', 'resilience']) {
      await run('add', id)
    }
    await expectSound(root, [
      'products',
      'access',
      'cache',
      'rate-limit',
      'request-logging',
      'contract',
      'drift',
      'openapi',
    ])
  })
})

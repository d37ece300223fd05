import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { startRegistry, useRegistry } from '../../support/registry.ts'
import { run } from '../../support/run.ts'
import { temporaryFolder, writeTree } from '../../support/tree.ts'

let registry = ''

beforeAll(async () => {
  registry = await startRegistry({
    fastify: { latest: '5.2.0', versions: { '5.0.0': undefined, '5.2.0': undefined } },
    '@scope/old': { latest: '1.0.0', versions: { '1.0.0': 'Use \u001b[31mnew-name instead.' } },
  })
})
beforeEach(() => useRegistry(registry))
afterAll(() => vi.unstubAllEnvs())

function project(dependencies: object): string {
  const root = temporaryFolder()
  writeTree(root, {
    'package.json': JSON.stringify({
      name: 'x',
      dependencies: { fastify: '^5.0.0' },
      devDependencies: dependencies,
    }),
    'node_modules/fastify/package.json': '{ "version": "5.0.0" }',
    'node_modules/@scope/old/package.json': '{ "version": "1.0.0" }',
  })
  return root
}

const others = { '@scope/old': '1.0.0', tool: 'file:../tool' }

// npm is started for every package.
describe('dev deps', () => {
  it('asks npm and prints a table', async () => {
    expect(await run(project(others), ['dev', 'deps'])).toEqual({
      code: 0,
      out: [
        'name        kind  installed  wanted  latest  state',
        'fastify           5.0.0      5.2.0   5.2.0   outdated',
        '@scope/old  dev   1.0.0      1.0.0   1.0.0',
        '  deprecated: Use new-name instead.',
        'tool        dev   missing    file:../tool',
        '3 direct: 1 outdated, 1 deprecated, 1 not installed.',
        '',
      ].join('\n'),
      err: '… asking the registry\n',
    })
  })

  it('prints one document with --json', async () => {
    const { code, out } = await run(project(others), ['dev', 'deps', '--json'])
    expect(code).toBe(0)
    const document = JSON.parse(out)
    expect(document).toMatchObject({ command: 'dev deps', packageManager: 'npm', warnings: [] })
    expect(document.dependencies[0]).toEqual({
      name: 'fastify',
      kind: 'dependencies',
      range: '^5.0.0',
      source: 'registry',
      installed: '5.0.0',
      wanted: '5.2.0',
      latest: '5.2.0',
      isOutdated: true,
      deprecated: null,
    })
  })

  it('names a package that the registry does not have', async () => {
    const { code, out, err } = await run(project({ nowhere: '^1' }), ['dev', 'deps'])
    expect(code).toBe(1)
    expect(out).toContain('nowhere  dev   missing    ^1      ?')
    expect(out).toContain('1 not known')
    expect(err).toContain('error nowhere: ')
  })

  it('shows what is here without a network, and fails', async () => {
    useRegistry('http://127.0.0.1:1/')
    const { code, out, err } = await run(project({}), ['dev', 'deps'])
    expect(code).toBe(1)
    expect(out).toContain('fastify        5.0.0      ^5.0.0  ?')
    expect(err.match(/error/g)).toHaveLength(1)
    expect(err).toContain("The registry doesn't answer")
  })

  it('refuses what it does not know', async () => {
    expect((await run(project({}), ['dev', 'deps', '--all'])).code).toBe(2)
  })
})

import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { packageAt } from '../../../src/project/package.ts'
import { versionInUse } from '../../../src/project/package-version.ts'
import { type Tree, temporaryFolder, writeTree } from '../../support/tree.ts'

function versionIn(files: Tree, folder = '.', name = 'fastify') {
  const root = temporaryFolder()
  writeTree(root, { '.git/HEAD': '', ...files })
  const found = versionInUse(join(root, folder), packageAt(join(root, folder)) ?? {}, name)
  return found && `${found.major}.${found.minor}`
}

const asking = (range: string): Tree => ({
  'package.json': JSON.stringify({ name: 'app', dependencies: { fastify: range } }),
})

const npmLock = (version: string) =>
  JSON.stringify({ lockfileVersion: 3, packages: { 'node_modules/fastify': { version } } })

describe('the version of a package in use', () => {
  it('is the installed one, whatever else is said', () => {
    const files = {
      ...asking('^4.0.0'),
      'package-lock.json': npmLock('4.9.2'),
      'node_modules/fastify/package.json': '{ "version": "4.29.1" }',
    }
    expect(versionIn(files)).toBe('4.29')
  })

  const workspace = 'packages/api'
  const member: Tree = {
    'package.json': '{ "name": "all", "workspaces": ["packages/*"] }',
    [`${workspace}/package.json`]: asking('^4.0.0')['package.json'] ?? '',
  }

  it('is found above a package of a workspace', () => {
    const above = { 'node_modules/fastify/package.json': '{ "version": "4.15.0" }' }
    expect(versionIn({ ...member, ...above }, workspace)).toBe('4.15')
    const own = { [`${workspace}/node_modules/fastify/package.json`]: '{ "version": "4.9.2" }' }
    expect(versionIn({ ...member, ...above, ...own }, workspace)).toBe('4.9')
  })

  it.each<[string, Tree]>([
    ['npm 7', { 'package-lock.json': npmLock('4.9.2') }],
    ['npm 6', { 'package-lock.json': '{ "dependencies": { "fastify": { "version": "4.9.2" } } }' }],
    [
      'pnpm 9',
      {
        'pnpm-lock.yaml':
          "importers:\n\n  .:\n    dependencies:\n      '@fastify/cors':\n        specifier: ^8.0.0\n        version: 8.5.0\n      fastify:\n        specifier: ^4.0.0\n        version: 4.9.2(peer@1.0.0)\n\npackages:\n\n  fastify@4.29.1:\n",
      },
    ],
    [
      'pnpm 7',
      {
        'pnpm-lock.yaml':
          'specifiers:\n  fastify: ^4.0.0\n\ndependencies:\n  fastify: 4.9.2\n\npackages:\n',
      },
    ],
    [
      'Yarn 1',
      {
        'yarn.lock':
          'fastify-plugin@^4.0.0:\n  version "4.5.1"\n\nfastify@^4.0.0, fastify@^4.1.0:\n  version "4.9.2"\n  resolved "x"\n\nfastify@^5.0.0:\n  version "5.2.0"\n',
      },
    ],
    [
      'Yarn 4',
      {
        'yarn.lock':
          '"fastify@npm:^5.0.0":\n  version: 5.2.0\n\n"fastify@npm:^4.0.0":\n  version: 4.9.2\n  resolution: "fastify@npm:4.9.2"\n',
      },
    ],
    ['Bun', { 'bun.lock': '{ "packages": { "fastify": ["fastify@4.9.2", "", {}], } }' }],
    ['npm, on Windows', { 'package-lock.json': npmLock('4.9.2').replaceAll(',', ',\r\n') }],
  ])('is the one that %s locked', (_manager, lock) => {
    expect(versionIn({ ...asking('^4.0.0'), ...lock })).toBe('4.9')
  })

  it('is the one that is locked for the package of a workspace', () => {
    const npm = JSON.stringify({
      packages: {
        'node_modules/fastify': { version: '5.2.0' },
        [`${workspace}/node_modules/fastify`]: { version: '4.9.2' },
      },
    })
    expect(versionIn({ ...member, 'package-lock.json': npm }, workspace)).toBe('4.9')
    const pnpm =
      'importers:\n\n  .:\n    dependencies:\n      fastify:\n        specifier: 5\n        version: 5.2.0\n\n  packages/api:\n    dependencies:\n      fastify:\n        specifier: ^4.0.0\n        version: 4.9.2\n'
    expect(versionIn({ ...member, 'pnpm-lock.yaml': pnpm }, workspace)).toBe('4.9')
  })

  it.each([
    ['4.9.2', '4.9'],
    ['^4.9.2', '4.9'],
    ['~4.15', '4.15'],
    ['4', '4.0'],
    ['4.x', '4.0'],
    ['>=4.10.1 <5', '4.10'],
    ['^5.0.0 || ^4.26.0', '4.26'],
    ['npm:fastify@4.9.2', '4.9'],
    ['<5 >=4.2', '4.2'],
    ['latest', undefined],
    ['*', undefined],
    ['catalog:', undefined],
    ['workspace:*', undefined],
  ])('is the lowest of %s where nothing is installed or locked', (range, version) => {
    expect(versionIn(asking(range))).toBe(version)
  })
})

import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { git, identity, useGitSettings } from '../support/git.ts'
import { ran, run } from '../support/run.ts'
import { createdService, product } from '../support/service.ts'
import { type Tree, treeOf, writeTree } from '../support/tree.ts'

afterEach(() => vi.unstubAllEnvs())

const later = { now: new Date('2026-05-06T07:08:09Z') }
const up = 'migrations/20260304050607_create_products.up.sql'
const down = 'migrations/20260304050607_create_products.down.sql'

/** The tree after `destroy`: as before the resource, plus the migration and its inverse. */
function withInverse(before: Tree, generated: Tree): Tree {
  return {
    ...before,
    [up]: generated[up] ?? '',
    [down]: generated[down] ?? '',
    'migrations/20260506070809_drop_products.up.sql': generated[down] ?? '',
    'migrations/20260506070809_drop_products.down.sql': generated[up] ?? '',
  }
}

/** Stands in for the project's own `db status --json`. */
function answering(root: string, text: string, exitCode = 0): void {
  const tsx = join(root, 'node_modules/.bin/tsx')
  writeTree(root, {
    'node_modules/.bin/tsx': `#!/bin/sh\ncat <<'END'\n${text}\nEND\nexit ${exitCode}\n`,
  })
  chmodSync(tsx, 0o755)
  mkdirSync(join(root, '.data'), { recursive: true })
}

const status = (state: string) =>
  JSON.stringify({ migrations: [{ id: '20260304050607_create_products', state }] })

describe('a migration that is applied', () => {
  it('because it is committed stays, and a new one takes it back', async () => {
    useGitSettings(identity)
    const root = await createdService('--features', 'database')
    const before = treeOf(root)
    await ran(root, product)
    const generated = treeOf(root)
    git(root, 'init', '-q')
    git(root, 'add', '-A')
    git(root, 'commit', '-q', '-m', 'all')
    const { out } = await ran(root, ['destroy', 'resource', 'Product'], later)
    expect(out).toContain(`${up} is applied or committed`)
    const { '.git/HEAD': _, ...tree } = treeOf(root)
    const own = Object.entries(tree).filter(([path]) => !path.startsWith('.git/'))
    expect(Object.fromEntries(own)).toEqual(withInverse(before, generated))
  })

  it.each(['applied', 'changed'])('because the project says %s stays too', async (state) => {
    const root = await createdService('--features', 'database')
    const before = treeOf(root)
    await ran(root, product)
    const generated = treeOf(root)
    answering(root, status(state))
    await ran(root, ['destroy', 'resource', 'Product'], later)
    expect(treeOf(root)).toEqual(withInverse(before, generated))
  })
})

describe('a migration that is not applied', () => {
  it('goes when the project says that it is pending', async () => {
    const root = await createdService('--features', 'database')
    const before = treeOf(root)
    await ran(root, product)
    answering(root, status('pending'))
    await ran(root, ['destroy', 'resource', 'Product'], later)
    expect(treeOf(root)).toEqual(before)
  })
})

describe('a database that was never made', () => {
  it.each(['', 'DATA_DIR=./elsewhere\n'])('is not asked, with %j in .env', async (line) => {
    const root = await createdService('--features', 'database')
    writeFileSync(join(root, '.env'), `${treeOf(root)['.env.example']}\n${line}`)
    const before = treeOf(root)
    await ran(root, product)
    await ran(root, ['destroy', 'resource', 'Product'])
    expect(treeOf(root)).toEqual(before)
  })
})

describe('a database that cannot be asked', () => {
  it.each([
    ['a data folder', (root: string) => answering(root, 'no JSON', 1), {}],
    [
      'DATA_DIR in .env',
      (root: string) => writeTree(root, { '.env': 'DATA_DIR=./here\n', 'here/x': '' }),
      {},
    ],
    ['DATABASE_URL', (_root: string) => {}, { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/x' }],
    [
      'DATABASE_URL in .env',
      (root: string) => writeFileSync(join(root, '.env'), 'DATABASE_URL=postgres://x\n'),
      {},
    ],
  ])('with %s: refuses, and nothing is lost', async (_what, prepare, env) => {
    const root = await createdService('--features', 'database')
    await ran(root, product)
    prepare(root)
    const before = treeOf(root)
    const result = await run(root, ['destroy', 'resource', 'Product'], { env })
    expect(result.code).toBe(3)
    expect(result.err).toMatch(/MIGRATION_STATE/)
    expect(treeOf(root)).toEqual(before)
  })
})

describe('a migration of its own that is applied', () => {
  it('stays, and a new one reverts it', async () => {
    const root = await createdService('--features', 'database')
    await ran(root, ['generate', 'migration', 'add_user_roles'])
    answering(
      root,
      JSON.stringify({ migrations: [{ id: '20260304050607_add_user_roles', state: 'applied' }] }),
    )
    await ran(root, ['destroy', 'migration', 'add_user_roles'], later)
    const tree = treeOf(root)
    const names = Object.keys(tree).filter((path) => /^migrations\/.*sql$/.test(path))
    expect(names).toEqual([
      'migrations/20260304050607_add_user_roles.down.sql',
      'migrations/20260304050607_add_user_roles.up.sql',
      'migrations/20260506070809_revert_add_user_roles.down.sql',
      'migrations/20260506070809_revert_add_user_roles.up.sql',
    ])
  })

  it('is not deleted by undo either', async () => {
    const root = await createdService('--features', 'database')
    const before = treeOf(root)
    await ran(root, product)
    const generated = treeOf(root)
    answering(root, status('applied'))
    await ran(root, ['undo', '--no-install'], later)
    expect(treeOf(root)).toEqual(withInverse(before, generated))
  })
})

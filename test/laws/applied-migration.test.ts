import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { sha256 } from '../../src/system/hash.ts'
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

/** Stands in for the project's own `db status --json` and `db rows <table> --json`. */
function answering(root: string, text: string, exitCode = 0, rows = 0): void {
  const tsx = join(root, 'node_modules/.bin/tsx')
  writeTree(root, {
    'node_modules/.bin/tsx': [
      '#!/bin/sh',
      `if [ "$3" = rows ]; then echo "{\\"table\\":\\"$4\\",\\"rows\\":${rows}}"; exit; fi`,
      `cat <<'END'\n${text}\nEND\nexit ${exitCode}\n`,
    ].join('\n'),
  })
  chmodSync(tsx, 0o755)
  mkdirSync(join(root, '.data'), { recursive: true })
}

const status = (state: string, ...ids: readonly string[]) =>
  JSON.stringify({
    migrations: ['20260304050607_create_products', ...ids].map((id) => ({ id, state })),
  })

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

describe('undo of a destroy', () => {
  const dropped = 'migrations/20260506070809_drop_products'

  /** A service whose resource is destroyed; the tree while it was there, and after it went. */
  async function destroyed() {
    const root = await createdService('--features', 'database')
    await ran(root, product)
    const generated = treeOf(root)
    answering(root, status('applied'))
    await ran(root, ['destroy', 'resource', 'Product'], later)
    return { root, generated, after: treeOf(root) }
  }

  it('leaves the applied migration that dropped the table; a new one creates it again', async () => {
    const { root, generated, after } = await destroyed()
    answering(root, status('applied', '20260506070809_drop_products'))
    const { out } = await ran(root, ['undo', '--no-install'], later)
    expect(out).toContain(`${dropped}.up.sql is applied or committed: it stays`)
    expect(out).toContain('The table products comes back without the rows that were dropped.')
    expect(out).toContain('db migrate')
    const reverted = 'migrations/20260506070810_revert_drop_products'
    expect(treeOf(root)).toEqual({
      ...generated,
      [`${dropped}.up.sql`]: after[`${dropped}.up.sql`],
      [`${dropped}.down.sql`]: after[`${dropped}.down.sql`],
      [`${reverted}.up.sql`]: generated[up],
      [`${reverted}.down.sql`]: generated[down],
    })
  })

  it('deletes that migration while it is pending', async () => {
    const { root, generated } = await destroyed()
    await ran(root, ['undo', '--no-install'], later)
    expect(treeOf(root)).toEqual(generated)
  })

  it('is refused where the files of that migration are gone', async () => {
    const { root } = await destroyed()
    for (const way of ['up', 'down']) rmSync(join(root, `${dropped}.${way}.sql`))
    answering(root, status('missing', '20260506070809_drop_products'))
    const before = treeOf(root)
    const { code, err } = await run(root, ['undo', '--no-install'], later)
    expect(err).toContain(`${dropped}.down.sql`)
    expect(code).toBe(3)
    expect(treeOf(root)).toEqual(before)
  })

  it('can be followed by another destroy and another undo', async () => {
    const { root, generated } = await destroyed()
    const ids = ['20260506070809_drop_products', '20260506070810_revert_drop_products']
    answering(root, status('applied', ...ids))
    await ran(root, ['undo', '--no-install'], later)
    await ran(root, ['destroy', 'resource', 'Product'], later)
    answering(root, status('applied', ...ids, '20260506070811_drop_products'))
    await ran(root, ['undo', '--no-install'], later)
    const tree = treeOf(root)
    expect(tree).toMatchObject(generated)
    expect(Object.keys(tree).filter((path) => path.endsWith('.up.sql'))).toEqual([
      up,
      `${dropped}.up.sql`,
      'migrations/20260506070810_revert_drop_products.up.sql',
      'migrations/20260506070811_drop_products.up.sql',
      'migrations/20260506070812_revert_drop_products.up.sql',
    ])
  })
})

describe('a command that drops a table', () => {
  it.each([
    ['destroy', ['destroy', 'resource', 'Product'], 12, '12 rows, which go'],
    ['destroy', ['destroy', 'resource', 'Product', '--dry-run'], 1, '1 row, which goes'],
    ['undo', ['undo', '--no-install'], 2, '2 rows, which go'],
  ])('%s says first that %j loses %d rows', async (_what, argv, rows, count) => {
    const root = await createdService('--features', 'database')
    await ran(root, product)
    answering(root, status('applied'), 0, rows)
    const { out } = await ran(root, argv, later)
    const notice = `The table products has ${count} when the new migration runs.`
    expect(out.indexOf(notice)).toBeGreaterThanOrEqual(0)
    expect(out.indexOf(notice)).toBeLessThan(out.indexOf('src/resources/products'))
  })

  it('says nothing of rows where the table is empty', async () => {
    const root = await createdService('--features', 'database')
    await ran(root, product)
    answering(root, status('applied'))
    const { out } = await ran(root, ['destroy', 'resource', 'Product'], later)
    expect(out).not.toContain('The table products')
  })
})

describe('several applied migrations', () => {
  it('are taken back from the newest to the oldest', async () => {
    const root = await createdService('--features', 'database')
    await ran(root, product)
    const { out } = await ran(root, ['undo', '--list', '--json'])
    const [{ id }] = JSON.parse(out).runs
    const path = join(root, `.create-service/history/${id}.run`)
    const record = JSON.parse(readFileSync(path, 'utf8'))
    const second = 'migrations/20260304050608_a_later_one'
    writeTree(root, {
      [`${second}.up.sql`]: 'ALTER TABLE products ADD x int;\n',
      [`${second}.down.sql`]: 'ALTER TABLE products DROP x;\n',
    })
    for (const way of ['up', 'down']) {
      const text = readFileSync(join(root, `${second}.${way}.sql`), 'utf8')
      record.files.push({ path: `${second}.${way}.sql`, after: sha256(text) })
    }
    writeFileSync(path, JSON.stringify(record))
    answering(root, status('applied', '20260304050608_a_later_one'))
    await ran(root, ['undo', '--no-install'], later)
    const ups = Object.keys(treeOf(root)).filter((file) => file.endsWith('.up.sql'))
    expect(ups.slice(2)).toEqual([
      'migrations/20260506070809_revert_a_later_one.up.sql',
      'migrations/20260506070810_drop_products.up.sql',
    ])
  })
})

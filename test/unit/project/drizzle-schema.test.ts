import { describe, expect, it } from 'vitest'
import { findDrizzle } from '../../../src/project/drizzle.ts'
import { type Tree, temporaryFolder, writeTree } from '../../support/tree.ts'

const base: Tree = {
  'package.json': '{"dependencies":{"fastify":"^5.0.0","drizzle-orm":"^0.45.0"}}',
  'src/db/index.ts':
    "import { drizzle } from 'drizzle-orm/postgres-js'\nexport const db = drizzle(url)\n",
}

const table = (name: string) =>
  `import { pgTable } from 'drizzle-orm/pg-core'\nexport const ${name} = pgTable('${name}', {})\n`

const config = (schema: string, dialect = 'postgresql') => ({
  'drizzle.config.ts': `import { defineConfig } from 'drizzle-kit'\nexport default defineConfig({ dialect: '${dialect}', schema: ${schema} })\n`,
})

const given = (imported: string) => ({
  'src/db/index.ts': `import { drizzle } from 'drizzle-orm/postgres-js'\n${imported}\nexport const db = drizzle(url, { schema })\n`,
})

function facts(tree: Tree) {
  const root = temporaryFolder()
  writeTree(root, { ...base, ...tree })
  return findDrizzle(root)
}

describe('the schema that drizzle.config.ts names', () => {
  it.each<[what: string, tree: Tree, models: string, barrel: string | undefined]>([
    [
      'is a file of tables',
      { ...config("'./src/db/schema.ts'"), 'src/db/schema.ts': table('users') },
      'src/db/*.ts',
      'src/db/schema.ts',
    ],
    [
      'is a file before the first table',
      { ...config("'./src/db/schema.ts'"), 'src/db/schema.ts': '' },
      'src/db/*.ts',
      'src/db/schema.ts',
    ],
    [
      'exports all of another folder',
      {
        ...config("'./src/db/schema.ts'"),
        'src/db/schema.ts':
          "export * from './tables/users.js'\nexport * from './tables/teams.js'\n",
        'src/db/tables/users.ts': table('users'),
        'src/db/tables/teams.ts': table('teams'),
      },
      'src/db/tables/*.ts',
      'src/db/schema.ts',
    ],
    [
      'is a folder with an index',
      {
        ...config("'./src/db/schema'"),
        'src/db/schema/index.ts': "export * from './users.schema.js'\n",
        'src/db/schema/users.schema.ts': table('users'),
      },
      'src/db/schema/*.schema.ts',
      'src/db/schema/index.ts',
    ],
    [
      'is a folder without an index',
      { ...config("'src/db/schema/'"), 'src/db/schema/users.ts': table('users') },
      'src/db/schema/*.ts',
      undefined,
    ],
    [
      'is a pattern',
      { ...config("'./src/db/*.table.ts'"), 'src/db/users.table.ts': table('users') },
      'src/db/*.table.ts',
      undefined,
    ],
    ['is an open pattern', config("['./src/db/tables/*']"), 'src/db/tables/*.ts', undefined],
    [
      'is a pattern for one file a folder',
      { ...config("'./src/**/schema.ts'"), 'src/users/schema.ts': table('users') },
      'src/*/schema.ts',
      undefined,
    ],
    [
      'is a deep pattern, and one folder has all tables',
      { ...config("'./src/**/*.sql.{ts,js}'"), 'src/db/tables/users.sql.ts': table('users') },
      'src/db/tables/*.sql.ts',
      undefined,
    ],
    [
      'is a list, of which the handle has one',
      {
        ...config("['./src/a.ts', './src/b.ts']"),
        ...given("import * as schema from '../b.js'"),
        'src/a.ts': table('a'),
        'src/b.ts': table('b'),
      },
      'src/*.ts',
      'src/b.ts',
    ],
    [
      'is for another database',
      {
        ...config("'./src/cache.ts'", 'sqlite'),
        ...given("import * as schema from './tables.js'"),
        'src/cache.ts': '',
        'src/db/tables.ts': table('users'),
      },
      'src/db/*.ts',
      'src/db/tables.ts',
    ],
  ])('%s', (_what, tree, models, barrel) => {
    expect(facts(tree).schema).toEqual({ models, ...(barrel === undefined ? {} : { barrel }) })
  })

  it.each([
    ["'./src/db/missing.ts'", 'NO_ANCHOR', 'src/db/missing.ts'],
    ["['./src/a.ts', './src/b.ts']", 'AMBIGUOUS', 'several schemas'],
  ])('is refused where it is %s', (schema, code, says) => {
    const tree = { ...config(schema), 'src/a.ts': table('a'), 'src/b.ts': table('b') }
    expect(() => facts(tree)).toThrow(expect.objectContaining({ code, exitCode: 3 }))
    expect(() => facts(tree)).toThrow(says)
  })
})

describe('without a word in drizzle.config.ts the schema', () => {
  it.each<[what: string, tree: Tree]>([
    ['is what the handle is given', given("import * as schema from './schema.js'")],
    ['is what the handle is given by name', given("import { schema } from './schema'")],
    ['is the one file with tables', {}],
    ['is computed', config("join(here, 'schema.ts')")],
  ])('%s', (_what, tree) => {
    const { schema, tables } = facts({ 'src/db/schema.ts': table('users'), ...tree })
    expect(schema).toEqual({ models: 'src/db/*.ts', barrel: 'src/db/schema.ts' })
    expect(tables).toEqual([
      { path: 'src/db/schema.ts', line: 2, variable: 'users', name: 'users' },
    ])
  })

  it('is the file that exports all others', () => {
    const tree = {
      'src/db/schema.ts': `${table('users')}export * from './teams.js'\n`,
      'src/db/teams.ts': table('teams'),
    }
    expect(facts(tree).schema).toEqual({ models: 'src/db/*.ts', barrel: 'src/db/schema.ts' })
  })

  it('is the one folder with tables', () => {
    const tree = { 'src/tables/users.ts': table('users'), 'src/tables/teams.ts': table('teams') }
    expect(facts(tree).schema).toEqual({ models: 'src/tables/*.ts' })
  })

  it('may be nowhere, or in several places', () => {
    const both = { 'src/a/users.ts': table('users'), 'src/b/teams.ts': table('teams') }
    expect(() => facts({})).toThrow(expect.objectContaining({ code: 'NO_ANCHOR' }))
    expect(() => facts({})).toThrow('Looked for schema in drizzle.config.ts')
    expect(() => facts(both)).toThrow(expect.objectContaining({ code: 'AMBIGUOUS' }))
  })
})

describe('the tables of a project', () => {
  it('are those of PostgreSQL, however they are made', () => {
    const text = `import { pgSchema, pgTable as table, pgTableCreator } from 'drizzle-orm/pg-core'
import { sqliteTable } from 'drizzle-orm/sqlite-core'
export const users = table('app_users', {})
const named = pgTableCreator((name) => \`app_\${name}\`)
export const teams = named('teams', {})
const own = pgSchema('own')
export const notes = own.table('notes', {})
export const cached = sqliteTable('cached', {})
export const other = pgTable('other', {})
`
    const { tables } = facts({ 'src/db/schema.ts': text })
    expect(tables.map(({ variable, name, line }) => [variable, name, line])).toEqual([
      ['users', 'app_users', 3],
      ['teams', undefined, 5],
      ['notes', undefined, 7],
    ])
  })
})

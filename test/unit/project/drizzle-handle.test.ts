import { describe, expect, it } from 'vitest'
import { findDrizzle } from '../../../src/project/drizzle.ts'
import { type Tree, temporaryFolder, writeTree } from '../../support/tree.ts'

const base: Tree = {
  'package.json': '{"dependencies":{"fastify":"^5.0.0","drizzle-orm":"^0.45.0","pg":"^8.0.0"}}',
  'src/schema.ts': `import { pgTable } from 'drizzle-orm/pg-core'\nexport const users = pgTable('users', {})\n`,
}

const drizzle = "import { drizzle } from 'drizzle-orm/node-postgres'\n"

function found(tree: Tree) {
  const root = temporaryFolder()
  writeTree(root, { ...base, ...tree })
  return findDrizzle(root).handle
}

/** The refusal, as data. */
function refusal(tree: Tree) {
  try {
    found(tree)
  } catch (error) {
    return (error as { refusals: readonly unknown[] }).refusals[0]
  }
  throw new Error('was not refused')
}

describe('a handle that is exported', () => {
  const exports: Readonly<Record<string, readonly [text: string, name: string]>> = {
    'as a constant': [`${drizzle}export const db = drizzle(url)`, 'db'],
    'under another name': [`${drizzle}export const orm = drizzle(url)`, 'orm'],
    'with a type and a wrapper': [
      `${drizzle}export const db: Database = (await drizzle<S>(pool, { schema })) as Database`,
      'db',
    ],
    'as the default': [`${drizzle}export default drizzle(url)`, 'default'],
    'as the default, by name': [`${drizzle}const db = drizzle(url)\nexport default db`, 'default'],
    'in a list': [`${drizzle}const a = drizzle(url)\nexport { a as db }`, 'db'],
    'kept over reloads': [
      `${drizzle}export const db = globalThis.db ?? drizzle(url)\nglobalThis.db = db`,
      'db',
    ],
    'by a choice': [`${drizzle}export const db = test ? fake : drizzle(url)`, 'db'],
    'by a function': [
      `${drizzle}function open() {\n  const pool = new Pool()\n  return drizzle(pool)\n}\nexport const db = open()`,
      'db',
    ],
    'by an arrow': [`${drizzle}const open = () => drizzle(url)\nexport const db = open()`, 'db'],
    'by another name of the function': [
      "import { drizzle as connect } from 'drizzle-orm/postgres-js'\nexport const db = connect(url)",
      'db',
    ],
    'by a namespace': [
      "import * as pg from 'drizzle-orm/neon-http'\nexport const db = pg.drizzle(url)",
      'db',
    ],
  }

  it.each(Object.entries(exports))('%s', (_how, [text, name]) => {
    expect(found({ 'src/db.ts': text })).toEqual({ kind: 'export', file: 'src/db.ts', name })
  })

  it('of several is the one called db', () => {
    const text = `${drizzle}export const replica = drizzle(a)\nexport const db = drizzle(b)`
    expect(found({ 'src/db.ts': text })).toMatchObject({ name: 'db' })
  })

  it('counts before a decorator, and a handle of SQLite beside it does not', () => {
    const tree = {
      'src/db.ts': `${drizzle}export const store = drizzle(a)`,
      'src/cache.ts': `import { drizzle } from 'drizzle-orm/libsql'\nexport const db = drizzle(a)`,
      'src/app.ts': `import { store } from './db.js'\napp.decorate('db', store)`,
    }
    expect(found(tree)).toEqual({ kind: 'export', file: 'src/db.ts', name: 'store' })
  })
})

describe('a handle on the instance', () => {
  const decorations: Readonly<Record<string, Tree>> = {
    'made on the spot': { 'src/app.ts': `${drizzle}app.decorate('db', drizzle(url))` },
    'from a variable': {
      'src/app.ts': `${drizzle}export default async function (app) {\n  const made = drizzle(url)\n  app.decorate('db', made)\n}`,
    },
    'from a function of the file': {
      'src/app.ts': `${drizzle}const open = () => drizzle(url)\napp.decorate('db', open())`,
    },
    'from a function of another file': {
      'src/db/open.ts': `${drizzle}export async function open() {\n  return drizzle(url)\n}`,
      'src/app.ts': `import { open } from './db/open.js'\nconst made = await open()\napp.decorate('db', made)`,
    },
    'from a function behind an alias': {
      'package.json': `${base['package.json']?.slice(0, -1)},"imports":{"#db/*":"./src/db/*.ts"}}`,
      'src/db/open.ts': `${drizzle}export default () => drizzle(url)`,
      'src/app.ts': `import open from '#db/open'\napp.decorate('db', open())`,
    },
  }

  it.each(Object.entries(decorations))('%s', (_how, tree) => {
    expect(found(tree)).toEqual({ kind: 'decorator', name: 'db' })
  })
})

describe('without a handle', () => {
  const lookedFor = ['drizzle-orm/node-postgres', 'export const db', "decorate('db'"]

  it.each<[what: string, tree: Tree]>([
    ['nothing is there', {}],
    ['it is kept to the file', { 'src/db.ts': `${drizzle}const db = drizzle(url)` }],
    ['drizzle is another function', { 'src/db.ts': 'export const db = drizzle(url)' }],
    ['it is in a comment', { 'src/db.ts': `// ${drizzle}// export const db = drizzle(url)` }],
    ['it is in a test', { 'test/db.ts': `${drizzle}export const db = drizzle(url)` }],
    ['something else is decorated', { 'src/app.ts': `${drizzle}app.decorate('db', other(url))` }],
  ])('where %s it says what was looked for', (_what, tree) => {
    const { code, message } = refusal(tree) as { code: string; message: string }
    expect(code).toBe('NO_ANCHOR')
    for (const part of lookedFor) expect(message).toContain(part)
  })

  it.each([
    ['better-sqlite3', 'SQLite'],
    ['libsql', 'SQLite'],
    ['d1', 'SQLite'],
    ['mysql2', 'MySQL'],
    ['planetscale-serverless', 'MySQL'],
  ])('%s is named', (driver, database) => {
    const text = `import { drizzle } from 'drizzle-orm/${driver}'\n\nexport const db = drizzle(url)`
    expect(refusal({ 'src/db.ts': text })).toMatchObject({
      code: 'NO_ANCHOR',
      file: 'src/db.ts',
      line: 3,
      message: expect.stringMatching(`PostgreSQL.*${database}.*drizzle-orm/${driver}`),
    })
  })

  it('the dialect of drizzle.config.ts is named', () => {
    const config = "export default { dialect: 'turso', schema: './src/schema.ts' }"
    expect(refusal({ 'drizzle.config.ts': config })).toMatchObject({
      code: 'NO_ANCHOR',
      file: 'drizzle.config.ts',
      message: expect.stringContaining('SQLite'),
    })
  })

  it('several are listed', () => {
    const text = `${drizzle}export const a = drizzle(1)\nexport const b = drizzle(2)`
    expect(refusal({ 'src/db.ts': text })).toMatchObject({
      code: 'AMBIGUOUS',
      candidates: ['src/db.ts:2 a', 'src/db.ts:3 b'],
    })
  })
})

describe('without Drizzle', () => {
  it('says so', () => {
    const own = '{"dependencies":{"fastify":"5","pg":"8"}}'
    expect(refusal({ 'package.json': own })).toMatchObject({
      code: 'NO_ANCHOR',
      message: expect.stringContaining('Looked for drizzle-orm'),
    })
  })

  it('an old one is told from a new one', () => {
    const text = { 'src/db.ts': `${drizzle}export const db = drizzle(url)` }
    const asks = (version: string) => ({
      ...text,
      'package.json': `{"devDependencies":{"drizzle-orm":"${version}"}}`,
    })
    expect(refusal(asks('~0.35.3'))).toMatchObject({ message: expect.stringContaining('0.36') })
    for (const version of ['^0.36.0', '1.0.0-beta.2', 'latest']) {
      expect(found(asks(version))).toMatchObject({ name: 'db' })
    }
  })
})

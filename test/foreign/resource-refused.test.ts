import { describe, expect, it } from 'vitest'
import { copyProject, snapshotOf } from '../support/foreign.ts'
import { ran, run } from '../support/run.ts'
import { type Tree, treeOf, writeTree } from '../support/tree.ts'

const generate = ['generate', 'resource', 'Thing', 'name:string']

interface Refused {
  readonly what: string
  /** The project, and what is different in it. */
  readonly name: string
  readonly tree?: (before: Tree) => Tree
  readonly flags?: readonly string[]
  readonly code: string
  readonly says: readonly string[]
}

const client = 'src/db/client.ts'

const refused: readonly Refused[] = [
  {
    what: 'no Drizzle',
    name: 'app-and-server',
    code: 'NO_ANCHOR',
    says: ['Looked for drizzle-orm', 'package.json', 'generate router'],
  },
  {
    what: 'Drizzle on SQLite',
    name: 'drizzle-typescript',
    tree: (before) => ({
      [client]: (before[client] ?? '').replaceAll(
        'drizzle-orm/pglite',
        'drizzle-orm/better-sqlite3',
      ),
    }),
    code: 'NO_ANCHOR',
    says: ['Drizzle on PostgreSQL', 'SQLite', 'drizzle-orm/better-sqlite3', `${client}:6`],
  },
  {
    what: 'no database handle',
    name: 'drizzle-typescript',
    tree: (before) => ({ [client]: (before[client] ?? '').replace('export const', 'const') }),
    code: 'NO_ANCHOR',
    says: ['export const db = drizzle(…)', "app.decorate('db', drizzle(…))", client],
  },
  {
    what: 'no schema',
    name: 'drizzle-typescript',
    tree: () => ({
      'drizzle.config.ts': "export default { dialect: 'postgresql', schema: './lib/tables.ts' }\n",
    }),
    code: 'NO_ANCHOR',
    says: ['drizzle.config.ts', './lib/tables.ts'],
  },
  {
    what: 'require',
    name: 'plain-commonjs',
    tree: () => ({
      'package.json': '{"dependencies":{"fastify":"^5.0.0","drizzle-orm":"^0.45.0"}}\n',
      'lib/db.js': `const { drizzle } = require('drizzle-orm/pglite')
const { pgTable } = require('drizzle-orm/pg-core')
const books = pgTable('books', {})
module.exports = (app) => app.decorate('db', drizzle({ schema: { books } }))
`,
    }),
    code: 'NO_ANCHOR',
    says: ['TypeScript or in ES modules', 'generate router'],
  },
  {
    what: 'a table of that name',
    name: 'drizzle-javascript',
    tree: () => ({
      'src/schema/rooms.table.js':
        "import { pgTable } from 'drizzle-orm/pg-core'\nexport const all = pgTable('things', {})\n",
    }),
    code: 'NAME_TAKEN',
    says: ['src/schema/rooms.table.js:2', '--plural'],
  },
  {
    what: 'a file of that name',
    name: 'drizzle-typescript',
    tree: () => ({ 'src/routes/things.ts': 'export const things = []\n' }),
    code: 'FILE_EXISTS',
    says: ['src/routes/things.ts'],
  },
  {
    what: 'tests that are asked for',
    name: 'drizzle-typescript',
    flags: ['--model', '--tests'],
    code: 'NOT_A_SERVICE',
    says: ['Leave --tests out'],
  },
  {
    what: 'a part without what it builds on',
    name: 'drizzle-typescript',
    flags: ['--router'],
    code: 'NO_ANCHOR',
    says: ['--schema', '--crud'],
  },
]

describe('a resource is refused', () => {
  it.each(refused)('for $what', async ({ name, tree, flags = [], code, says }) => {
    const root = copyProject({ name })
    if (tree !== undefined) writeTree(root, tree(treeOf(root)))
    const before = snapshotOf(root)
    const { code: exit, err } = await run(root, [...generate, ...flags])
    expect(err).toContain(`refused ${code}`)
    for (const part of says) expect(err).toContain(part)
    expect(exit).toBe(3)
    const json = await run(root, [...generate, ...flags, '--json'])
    expect(JSON.parse(json.out)).toMatchObject({ outcome: 'refused', refusals: [{ code }] })
    expect(snapshotOf(root)).toEqual(before)
  })

  it('as another one than it is', async () => {
    const root = copyProject({ name: 'drizzle-javascript' })
    await ran(root, generate)
    const before = snapshotOf(root)
    for (const other of [['label:string'], ['--plural', 'stuff']]) {
      const { code, err } = await run(root, ['generate', 'resource', 'Thing', ...other])
      expect(err).toContain('refused UNIT_DIFFERS')
      expect(code).toBe(3)
    }
    expect(snapshotOf(root)).toEqual(before)
  })
})

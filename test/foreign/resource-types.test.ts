import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { fieldTypes } from '../../src/options/field.ts'
import { complaintsOf, copyProject } from '../support/foreign.ts'
import { ran } from '../support/run.ts'
import { treeOf, writeTree } from '../support/tree.ts'

const argument: Readonly<Record<string, string>> = { decimal: ':10,2', enum: ':a,b-c' }
const typed = (modifiers: string, types: readonly string[] = fieldTypes) =>
  types.map((type) => `${type}Field:${type}${argument[type] ?? ''}${modifiers}`)
const scalars = fieldTypes.filter((type) => type !== 'json')
const indexed = scalars.filter((type) => type !== 'text')

/** Fields of every type in every combination that the grammar has, and names that code uses itself. */
const resources: Readonly<Record<string, readonly string[]>> = {
  Plain: typed(''),
  Nullable: typed(':optional'),
  Listed: typed(':array', scalars),
  NullableList: typed(':array:optional', scalars),
  DefaultList: typed(':array=', scalars),
  Once: typed(':unique', indexed),
  NullableOnce: typed(':unique:optional', indexed),
  Indexed: typed(':index', indexed),
  Nothing: [],
  Reserved: [
    'class:bigint',
    'default:timestamp:array',
    'body:bigint:optional',
    'row:enum:a',
    'db:json',
  ],
  Operation: [
    'prefix:string',
    'table:timestamp',
    'rest:text',
    'properties:json',
    'time:timestamp=now',
  ],
  Timestamptz: ['moment:timestamp', 'text:timestamp:array', 'sign:text'],
  Time: ['given:bigint=5', 'limit:int', 'cursor:text', 'page:text', 'tags:string:array'],
  Tag: ['name:string:3'],
  Route: ['reply:text', 'request:text'],
}

it('typechecks for fields of any type and name', async () => {
  const root = copyProject({ name: 'drizzle-typescript' })
  for (const [name, fields] of Object.entries(resources)) {
    await ran(root, ['generate', 'resource', name, ...fields])
  }
  expect(await complaintsOf(root)).toBe('')
})

const schema = "import * as schema from './schema.js'"

/** Other ways to have a database handle; each takes the place of the one of the project. */
const handles: Readonly<Record<string, string>> = {
  'node-postgres': `import { drizzle, type NodePgDatabase } from 'drizzle-orm/node-postgres'
${schema}
export const db: NodePgDatabase<typeof schema> = drizzle(process.env.DATABASE_URL ?? '', { schema })
export { db as database }
export async function migrateDatabase(): Promise<void> {}
`,
  'a default export': `import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
const database = drizzle({ client: new PGlite(), casing: 'snake_case' })
export default database
export async function migrateDatabase(): Promise<void> {
  const members = await import('../routes/members.js')
  members.use(database)
}
`,
}

it.each(Object.entries(handles))('typechecks with %s', async (_what, text) => {
  const root = copyProject({ name: 'drizzle-typescript' })
  const routes = treeOf(root)['src/routes/members.ts'] ?? ''
  const isDefault = text.includes('export default')
  writeTree(root, {
    'src/db/client.ts': text,
    'src/routes/members.ts': isDefault
      ? `${routes.replace('{ database }', 'database')}\nexport function use(_db: typeof database): void {}\n`
      : routes,
  })
  expect(await complaintsOf(root)).toBe('')
  await ran(root, ['generate', 'resource', 'Thing', 'name:string:unique', 'at:timestamp'])
  const imported = isDefault ? 'import db from' : 'import { db } from'
  expect(treeOf(root)['src/routes/things.ts']).toContain(`${imported} '../db/client.js'`)
  expect(await complaintsOf(root)).toBe('')
})

it('typechecks with a decorator', async () => {
  const root = copyProject({ name: 'drizzle-typescript' })
  const app = treeOf(root)['src/app.ts'] ?? ''
  rmSync(join(root, 'src/routes/members.ts'))
  writeTree(root, {
    'src/db/client.ts': `import { PGlite } from '@electric-sql/pglite'
import { drizzle } from 'drizzle-orm/pglite'
import * as schema from './schema.js'

export const openDatabase = async () => drizzle(new PGlite(), { schema })

declare module 'fastify' {
  interface FastifyInstance {
    store: Awaited<ReturnType<typeof openDatabase>>
  }
}
`,
    'src/app.ts': app
      .replace('migrateDatabase', 'openDatabase')
      .replace(/.*memberRoutes.*\n/g, '')
      .replace('  await migrateDatabase()\n', '')
      .replace(
        'const app = Fastify()',
        "const app = Fastify()\n  app.decorate('store', await openDatabase())",
      ),
  })
  expect(await complaintsOf(root)).toBe('')
  await ran(root, ['generate', 'resource', 'Thing', 'name:string:unique', 'at:timestamp'])
  expect(treeOf(root)['src/routes/things.ts']).toContain('thingRepository(app.store)')
  expect(await complaintsOf(root)).toBe('')
})

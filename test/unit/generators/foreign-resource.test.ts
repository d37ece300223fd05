import { describe, expect, it } from 'vitest'
import type { Surroundings } from '../../../src/generators/generator.ts'
import { type Part, resource } from '../../../src/generators/resource.ts'
import type { Habits } from '../../../src/model/place.ts'
import type { UnitHead } from '../../../src/model/unit.ts'
import type { DrizzleFacts } from '../../../src/project/drizzle.ts'
import { renderFolder } from '../../../src/render/templates.ts'
import { inForeign } from './surroundings.ts'

interface Asked {
  readonly name?: string
  readonly fields?: string[]
  readonly parts?: Part[]
  readonly plural?: string
}

const usual: DrizzleFacts = {
  handle: { kind: 'export', file: 'src/db/index.ts', name: 'db' },
  schema: { models: 'src/db/*.ts', barrel: 'src/db/schema.ts' },
  tables: [],
}

function around(
  habits: Partial<Habits> = {},
  facts: Partial<DrizzleFacts> = {},
  unit?: UnitHead,
  by: 'site' | 'loader' = 'site',
): Surroundings {
  const surroundings = inForeign(habits, by, { units: unit ? [unit] : [] })
  return { ...surroundings, drizzle: () => ({ ...usual, ...facts }) }
}

function plan(asked: Asked = {}, surroundings = around()) {
  const input = { name: 'Product', fields: [], parts: [], isPublic: false, ...asked }
  return resource.plan(input, surroundings)
}

/** The produced files. */
function render(asked: Asked = {}, surroundings = around()): Readonly<Record<string, string>> {
  const { folders, data } = plan(asked, surroundings)
  const files = folders.flatMap((folder) => renderFolder(`generators/resource/${folder}`, data))
  return Object.fromEntries(files.map(({ path, text }) => [path, text]))
}

const files = {
  model: 'src/db/products.ts',
  barrel: 'src/db/schema.ts',
  schema: 'src/resources/products/product.schema.ts',
  repository: 'src/resources/products/product.repository.ts',
  routes: 'src/things/products.ts',
}

describe('a resource in a project made elsewhere', () => {
  it('is recorded with its files, exported from the schema and registered', () => {
    const { head, requires, wiring, registrations, next } = plan({ fields: ['name:string(9)'] })
    expect(head).toEqual({
      kind: 'resource',
      name: 'product',
      args: {
        fields: ['name:string:9'],
        parts: ['model', 'schema', 'crud', 'router'],
        plural: 'products',
        public: true,
        files,
      },
    })
    expect(requires).toEqual([])
    expect(wiring).toEqual([
      { path: 'src/db/schema.ts', op: { op: 'ensureExport', from: './products.js' } },
    ])
    expect(registrations).toMatchObject([{ file: files.routes, name: 'productRoutes' }])
    expect(next).toEqual(['drizzle-kit generate'])
  })

  it('is made of four files, none over 140 lines', () => {
    const rendered = render({ fields: ['name:string', 'status:enum:a,b=a', 'at:timestamp'] })
    const { barrel: _, ...own } = files
    expect(Object.keys(rendered).sort()).toEqual(Object.values(own).sort())
    for (const [path, text] of Object.entries(rendered)) {
      expect([path, text.split('\n').length - 1 <= 140]).toEqual([path, true])
      expect([path, text.endsWith('\n') && !text.includes('\n\n\n')]).toEqual([path, true])
    }
  })

  it('needs no export where drizzle-kit reads the folder, or a pattern', () => {
    const schema = { models: 'src/*/*.table.ts' }
    const { wiring, head } = plan({}, around({}, { schema }))
    expect(wiring).toEqual([])
    expect(head.args.files).toMatchObject({
      model: 'src/products/products.table.ts',
      barrel: null,
    })
  })

  it.each([
    ['.js', '../../db/products.js'],
    ['.ts', '../../db/products.ts'],
    ['', '../../db/products'],
  ])('imports with the ending %j of the project', (specifierEnding, specifier) => {
    const text = render({}, around({ specifierEnding }))[files.repository]
    expect(text).toContain(`import { products as table } from '${specifier}'`)
  })

  it.each<[handle: DrizzleFacts['handle'], lines: readonly string[]]>([
    [usual.handle, ["import { db } from '../db/index.js'", 'productRepository(db)']],
    [
      { ...usual.handle, name: 'default' } as DrizzleFacts['handle'],
      ["import db from '../db/index.js'", 'productRepository(db)'],
    ],
    [
      { ...usual.handle, name: 'products' } as DrizzleFacts['handle'],
      ["import { products as db } from '../db/index.js'", 'productRepository(db)'],
    ],
    [{ kind: 'decorator', name: 'store' }, ['productRepository(app.store)']],
    [{ kind: 'decorator', name: 'main-db' }, ["productRepository(app['main-db'])"]],
  ])('gets the database by %j', (handle, lines) => {
    const text = render({}, around({}, { handle }))[files.routes]
    for (const line of lines) expect(text).toContain(line)
  })

  it('is JavaScript where the project is', () => {
    const habits = { language: 'javascript', fileEnding: '.mjs', specifierEnding: '.mjs' } as const
    const schema = { models: 'src/db/*.mjs' }
    const rendered = render({ fields: ['meta:json', 'n:bigint'] }, around(habits, { schema }))
    expect(Object.keys(rendered).every((path) => path.endsWith('.mjs'))).toBe(true)
    for (const text of Object.values(rendered)) {
      expect(text).not.toMatch(/\$type|: string\b(?!')|\binterface\b|import type|<\{/)
    }
  })

  it('is loaded where a folder is', () => {
    const { registrations } = plan({}, around({}, {}, undefined, 'loader'))
    expect(registrations).toMatchObject([{ file: files.routes, place: { by: 'loader' } }])
  })
})

describe('a resource that is there', () => {
  const first = plan({ fields: ['name:string'], parts: ['model', 'schema'] })
  const elsewhere = { schema: { models: 'lib/*.ts' } }

  it('gets more parts, in the same places', () => {
    const { head, folders, registrations, wiring, next } = plan(
      { parts: ['crud'] },
      around({}, elsewhere, first.head),
    )
    expect(folders).toEqual(['foreign-typescript/crud'])
    expect(head.args).toEqual({ ...first.head.args, parts: ['model', 'schema', 'crud'] })
    expect([registrations, wiring, next]).toEqual([[], [], []])
  })

  it('is the same when it is asked for in the same words', () => {
    const all = plan({ fields: ['name:string'] })
    expect(plan({ fields: ['name:string(255)'] }, around({}, elsewhere, all.head))).toEqual(all)
    expect(plan({ name: 'product' }, around({}, elsewhere, all.head))).toEqual(all)
  })
})

describe('a table that is there', () => {
  const known = { path: 'src/db/other.ts', line: 3, variable: 'goods' }

  it.each([
    ['by its name', { ...known, name: 'products' }],
    ['by its constant', { ...known, variable: 'products' }],
  ])('is not made twice, known %s', (_how, table) => {
    const surroundings = around({}, { tables: [table] })
    expect(() => plan({}, surroundings)).toThrow(expect.objectContaining({ code: 'NAME_TAKEN' }))
    expect(plan({ plural: 'wares' }, surroundings).data).toMatchObject({ snakePlural: 'wares' })
  })

  it('may be another one, or its own', () => {
    expect(plan({}, around({}, { tables: [known] }))).toBeDefined()
    const own = { ...known, path: files.model, name: 'products' }
    expect(plan({}, around({}, { tables: [own] }))).toBeDefined()
  })
})

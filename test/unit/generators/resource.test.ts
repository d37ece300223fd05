import { describe, expect, it, test } from 'vitest'
import { type Part, parts, resource } from '../../../src/generators/resource.ts'
import type { UnitHead } from '../../../src/model/unit.ts'
import { inService } from './surroundings.ts'

interface Asked {
  name?: string
  fields?: string[]
  parts?: Part[]
  plural?: string
  isPublic?: boolean
}

function plan(asked: Asked = {}, recorded?: UnitHead, stamp = '20260102030405') {
  const input = { name: 'Product', fields: [], parts: [], isPublic: false, ...asked }
  return resource.plan(input, { ...inService({ units: recorded ? [recorded] : [] }), stamp })
}

describe('a new resource', () => {
  it('has all parts, and is wired into the schema and the API', () => {
    const { head, folders, requires, wiring } = plan({ fields: ['name:string(120)'] })
    expect(head).toEqual({
      kind: 'resource',
      name: 'product',
      args: {
        fields: ['name:string:120'],
        parts: ['model', 'schema', 'crud', 'router', 'tests'],
        plural: 'products',
        public: false,
        stamp: '20260102030405',
      },
    })
    expect(folders).toEqual(parts)
    expect(requires).toEqual(['database'])
    expect(wiring.map(({ path, op }) => [path, op.op])).toEqual([
      ['src/db/schema.ts', 'ensureExport'],
      ['src/resources/index.ts', 'ensureImport'],
      ['src/resources/index.ts', 'ensureStatement'],
    ])
    expect(wiring[0]?.op).toMatchObject({ from: '../resources/products/product.model.ts' })
    expect(wiring[1]?.op).toMatchObject({ from: './products/product.routes.ts' })
    expect(wiring[2]?.op).toMatchObject({
      statement: "await app.register(products, { prefix: '/products' })",
    })
  })

  it('is plain data', () => {
    const planned = plan({ fields: ['status:enum:a,b=a', 'n:bigint:index=5', 'j:json?'] })
    expect(JSON.parse(JSON.stringify(planned))).toEqual(planned)
  })

  it('without access where it is public', () => {
    expect(plan().data).toMatchObject({
      readConfig:
        "const read = { access: { permission: 'products:read' }, cache: { ttl: 60, tags } }",
      isGuarded: true,
    })
    expect(plan({ isPublic: true }).data).toMatchObject({
      readConfig: 'const read = { cache: { ttl: 60, tags } }',
      isGuarded: false,
    })
  })

  test.each<[Part[], string]>([
    [['schema'], '--model'],
    [['crud'], '--model and --schema'],
    [['router'], '--schema and --crud'],
    [['model', 'schema', 'tests'], '--router'],
  ])('%j is refused for want of %s', (asked, missing) => {
    expect(() => plan({ parts: asked })).toThrow(missing)
    expect(() => plan({ parts: asked })).toThrow(expect.objectContaining({ exitCode: 3 }))
  })
})

describe('a name that is a plural', () => {
  it.each([
    ['Products', 'Product', 'product', 'products'],
    ['users', 'User', 'user', 'users'],
    ['Addresses', 'Address', 'address', 'addresses'],
    ['order_items', 'OrderItem', 'order-item', 'order-items'],
  ])('%s means %s, and the plan says so', (name, one, kebab, plural) => {
    const { head, notices } = plan({ name })
    expect(head).toMatchObject({ name: kebab, args: { plural } })
    expect(notices).toEqual([`${name} is a plural: the resource is called ${one}.`])
  })

  it.each(['Status', 'Address', 'News', 'Product'])('%s stays, and nothing is said', (name) => {
    const { head, notices } = plan({ name })
    expect(head.name).toBe(name.toLowerCase())
    expect(notices).toEqual([])
  })

  it('stays where another plural is given', () => {
    const { head, notices } = plan({ name: 'Thomas', plural: 'thomases' })
    expect(head).toMatchObject({ name: 'thomas', args: { plural: 'thomases' } })
    expect(notices).toEqual([])
  })

  it('means the resource that is recorded under the plural, if there is one', () => {
    const { head } = plan({ name: 'Products', plural: 'productses' })
    expect(plan({ name: 'Products' }, head).head).toEqual(head)
  })

  it('means the resource that is recorded under the singular', () => {
    const { head } = plan({ fields: ['name:string'] })
    expect(plan({ name: 'Products' }, head).head).toEqual(head)
  })
})

describe('a resource that is there', () => {
  const before = plan({ fields: ['name:string'], parts: ['model', 'schema'] })

  it('gets more parts, with its own fields and its own migration', () => {
    const { head, folders, data } = plan({ parts: ['crud'] }, before.head, '20270101000000')
    expect(folders).toEqual(['crud'])
    expect(head.args).toEqual({ ...before.head.args, parts: ['model', 'schema', 'crud'] })
    expect(data).toMatchObject({ migration: '20260102030405' })
  })

  it('is the same when it is asked for in the same words', () => {
    const all = plan({ fields: ['name:string'] })
    expect(plan({ fields: ['name:string(255)'] }, all.head, '20270101000000')).toEqual(all)
    expect(plan({ name: 'product' }, all.head)).toEqual(all)
  })

  it('keeps its plural', () => {
    const stadium = plan({ name: 'Stadium', plural: 'stadia' })
    expect(plan({ name: 'Stadium' }, stadium.head)).toEqual(stadium)
    expect(() => plan({ name: 'Stadium', plural: 'stadiums' }, stadium.head)).toThrow('stadia')
  })

  it('is not generated with other fields, nor with another access', () => {
    expect(() => plan({ fields: ['name:text'] }, before.head)).toThrow('other fields')
    expect(() => plan({ isPublic: true }, plan().head)).toThrow('without --public')
    expect(plan({ isPublic: true }, before.head).head.args).toMatchObject({ public: true })
  })
})

import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../support/effort.ts'
import { ran } from '../support/run.ts'
import { createdService, product } from '../support/service.ts'
import { copyOf, treeOf } from '../support/tree.ts'

const at = (second: number) => ({ now: new Date(Date.UTC(2026, 0, 1, 0, 0, second)) })
const generate = (root: string, name: string, second: number) =>
  ran(root, ['generate', 'resource', name, 'title:string:80', 'stock:int:index=0'], at(second))
const destroy = (root: string, name: string) => ran(root, ['destroy', 'resource', name])

/** Law 3: generate then destroy is the tree before, with other resources around too. */
describe('destroy', () => {
  it('is the inverse of generate', async () => {
    const root = await createdService()
    const before = treeOf(root)
    await ran(root, product)
    expect(treeOf(root)).not.toEqual(before)
    await destroy(root, 'Product')
    expect(treeOf(root)).toEqual(before)
  })

  it('finds a resource by the plural of its name', async () => {
    const root = await createdService()
    const before = treeOf(root)
    await ran(root, ['generate', 'resource', 'Products'])
    expect(Object.keys(treeOf(root))).toContain('src/resources/products/product.model.ts')
    await destroy(root, 'Products')
    expect(treeOf(root)).toEqual(before)
  })

  it('takes back only its own, whatever was generated around it', async () => {
    const empty = await createdService()
    const names = fc.uniqueArray(fc.constantFrom('Apple', 'Bear', 'Cat', 'UserProfile', 'Zebra'), {
      minLength: 2,
      maxLength: 4,
    })
    await fc.assert(
      fc.asyncProperty(names, fc.nat(3), async (generated, index) => {
        const gone = generated[index % generated.length] ?? ''
        const [both, without] = [copyOf(empty), copyOf(empty)]
        for (const [second, name] of generated.entries()) {
          await generate(both, name, second)
          if (name !== gone) await generate(without, name, second)
        }
        await destroy(both, gone)
        expect(treeOf(both)).toEqual(treeOf(without))
      }),
      { numRuns: runs('resources around another', { quick: 3, full: 30 }) },
    )
  })

  it.each([
    ['router', 'webhooks', ['--prefix', '/webhooks']],
    ['router', 'reports', ['--tag', 'Reports']],
    ['middleware', 'audit_log', []],
    ['middleware', 'audit_log', ['--before', 'openapi']],
    ['migration', 'add_user_roles', []],
  ])('is the inverse of generate %s %s %j', async (noun, name, flags) => {
    const root = await createdService('--features', 'database')
    await ran(root, ['generate', 'router', 'other', '--prefix', '/other'])
    await ran(root, ['generate', 'middleware', 'other'])
    const before = treeOf(root)
    await ran(root, ['generate', noun, name, ...flags])
    const generated = treeOf(root)
    expect(generated).not.toEqual(before)
    await ran(root, ['destroy', noun, name])
    expect(treeOf(root)).toEqual(before)
    await ran(root, ['generate', noun, name, ...flags])
    expect(treeOf(root)).toEqual(generated)
  })

  it('then generate gives the same bytes', async () => {
    const root = await createdService()
    await ran(root, product)
    const generated = treeOf(root)
    await destroy(root, 'Product')
    await ran(root, product)
    expect(treeOf(root)).toEqual(generated)
  })
})

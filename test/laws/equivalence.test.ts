import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { features } from '../../src/features/index.ts'
import { offered } from '../../src/features/selection.ts'
import { someOf } from '../support/effort.ts'
import { ran } from '../support/run.ts'
import { createdService } from '../support/service.ts'
import { treeOf } from '../support/tree.ts'

const ids = offered(features).map(({ id }) => id)

/**
 * Orders in which every feature comes first and last, and before and after every other one; and some
 * at random. All of them are too many.
 */
function orders(words: readonly string[]): readonly (readonly string[])[] {
  const rotations = (list: readonly string[]) =>
    list.map((_, at) => [...list.slice(at), ...list.slice(0, at)])
  const shuffled = () => fc.sample(fc.shuffledSubarray([...words], { minLength: words.length }), 5)
  return [...rotations(words), ...rotations(words.toReversed()), ...shuffled()]
}

/** Law 4: features chosen at the start equal features added later, in any order. */
describe('features', () => {
  it.each(someOf('orders of features', orders(ids), 3).map((order) => [order.join(', '), order]))(
    'added one by one as %s equal those chosen at the start',
    async (_name, order) => {
      const chosen = await createdService('--features', ids.join(','))
      const added = await createdService('--preset', 'minimal')
      for (const id of order) await ran(added, ['add', id, '--no-install'])
      expect(treeOf(added)).toEqual(treeOf(chosen))
    },
  )

  it('are the same before and after a resource', async () => {
    const before = await createdService('--features', ids.join(','))
    await ran(before, ['generate', 'resource', 'Order', 'total:int'])
    const after = await createdService('--preset', 'minimal')
    await ran(after, ['generate', 'resource', 'Order', 'total:int', '--no-install'])
    for (const id of ids) await ran(after, ['add', id, '--no-install'])
    expect(treeOf(after)).toEqual(treeOf(before))
  })

  it('are all in the standard preset, which is the default', async () => {
    expect(treeOf(await createdService())).toEqual(
      treeOf(await createdService('--features', ids.join(','))),
    )
  })
})

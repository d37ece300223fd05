import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { runs } from '../support/effort.ts'
import { everyField } from '../support/every-field.ts'
import { diffOf, patched } from '../support/patched.ts'
import { ran } from '../support/run.ts'
import { createdService } from '../support/service.ts'
import { copyOf, type Tree, timesOf, treeOf } from '../support/tree.ts'

const name = fc.constantFrom('Product', 'UserProfile', 'order_item', 'APIKey', 'status', 'x')
const fields = fc.subarray([...everyField])
const flags = fc.subarray(['--public', '--model', '--schema', '--crud', '--router', '--tests'])

/** The parts that the given ones need, so that the random words are a valid command. */
function complete(asked: readonly string[]): readonly string[] {
  const order = ['--model', '--schema', '--crud', '--router', '--tests']
  const last = order.findLastIndex((part) => asked.includes(part))
  return [...asked.filter((flag) => flag === '--public'), ...order.slice(0, last + 1)]
}

/** Records are one line of a preview. */
function shown(tree: Tree): Tree {
  const paths = Object.entries(tree).filter(([path]) => !path.startsWith('.create-service/'))
  return Object.fromEntries(paths)
}

/** Laws 1 to 3 over random resources, in a project with the database and in one without. */
describe.each(['database', 'docker'])('in a service with %s, a random resource', (feature) => {
  it('is what was shown, comes once, and goes without a trace', async () => {
    const empty = await createdService('--features', feature)
    await fc.assert(
      fc.asyncProperty(name, fields, flags, async (word, words, asked) => {
        const root = copyOf(empty)
        const argv = ['generate', 'resource', word, ...words, ...complete(asked), '--no-install']
        const before = treeOf(root)
        const preview = await ran(root, [...argv, '--dry-run'])
        expect(treeOf(root)).toEqual(before)
        await ran(root, argv)
        const after = treeOf(root)
        expect(patched(shown(before), diffOf(preview.out))).toEqual(shown(after))

        const times = timesOf(root)
        const again = await ran(root, argv, { now: new Date('2027-01-01T00:00:00Z') })
        expect(again).toMatchObject({ err: '', out: expect.stringContaining('Nothing to do') })
        expect(treeOf(root)).toEqual(after)
        expect(timesOf(root)).toEqual(times)

        if (feature !== 'database') return
        await ran(root, ['destroy', 'resource', word])
        expect(treeOf(root)).toEqual(before)
      }),
      { numRuns: runs('random resources', { quick: 3, full: 40 }) },
    )
  })
})

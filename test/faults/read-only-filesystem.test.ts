import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ran, run } from '../support/run.ts'
import { createFlags, product } from '../support/service.ts'
import { temporaryFolder, treeOf } from '../support/tree.ts'

const folder = temporaryFolder()
const isMounted = mount('-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', folder)
if (!isMounted) {
  process.stderr.write('Left out: a read-only file system, because mounting is not allowed here.\n')
}

function mount(...args: readonly string[]): boolean {
  return spawnSync('mount', args).status === 0
}

describe.runIf(isMounted)('on a read-only file system', () => {
  beforeAll(async () => {
    await ran(folder, ['./my-app', ...createFlags])
    if (!mount('-o', 'remount,ro', folder)) throw new Error('cannot be made read-only')
  })

  afterAll(() => {
    spawnSync('umount', [folder])
  })

  it.each([
    ['generate', 'my-app', product],
    ['create', '.', ['./other', ...createFlags]],
  ])('%s refuses, and nothing is lost', async (_name, where, argv) => {
    const before = treeOf(folder)
    const { code, err } = await run(join(folder, where), argv)
    expect(code).toBe(3)
    expect(err).toMatch(/READ_ONLY/)
    expect(err).toMatch(/Nothing was written/)
    expect(treeOf(folder)).toEqual(before)
  })

  it('--dry-run still shows what would be done', async () => {
    const { out } = await ran(join(folder, 'my-app'), [...product, '--dry-run'])
    expect(out).toContain('+++ b/src/resources/products/product.model.ts')
  })
})

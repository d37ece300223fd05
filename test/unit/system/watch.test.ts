import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, vi } from 'vitest'
import { watchNames } from '../../../src/system/watch.ts'
import { temporaryFolder } from '../../support/tree.ts'

async function afterEach(steps: readonly (() => void)[], root: string): Promise<void> {
  let changes = 0
  const changed = () => {
    changes += 1
  }
  const end = await watchNames(root, ['src', '.env'], changed, (reason) => {
    throw new Error(reason)
  })
  try {
    for (const step of steps) {
      const before = changes
      step()
      await vi.waitFor(() => expect(changes).toBeGreaterThan(before), { timeout: 60_000 })
    }
  } finally {
    await end()
  }
}

it('names what has changed, below the folder', async () => {
  const root = temporaryFolder()
  mkdirSync(join(root, 'src/deep'), { recursive: true })
  const named = new Set<string>()
  const end = await watchNames(
    root,
    ['src', '.env'],
    (_since, paths) => {
      for (const path of paths) named.add(path)
    },
    (reason) => {
      throw new Error(reason)
    },
  )
  writeFileSync(join(root, 'src/deep/a.ts'), '1')
  writeFileSync(join(root, '.env'), '')
  await vi.waitFor(() => expect([...named].sort()).toEqual(['.env', 'src/deep/a.ts']), {
    timeout: 60_000,
  })
  await end()
})

it('notices every kind of change, in folders that come and go too', async () => {
  const root = temporaryFolder()
  const at = (path: string) => join(root, path)
  await afterEach(
    [
      () => writeFileSync(at('.env'), ''),
      () => mkdirSync(at('src')),
      () => mkdirSync(at('src/deep')),
      () => writeFileSync(at('src/deep/a.ts'), '1'),
      () => writeFileSync(at('src/deep/a.ts'), '2'),
      () => {
        writeFileSync(at('b'), '3')
        renameSync(at('b'), at('src/deep/a.ts'))
      },
      () => rmSync(at('src'), { recursive: true }),
      () => mkdirSync(at('src')),
      () => writeFileSync(at('src/c.ts'), '1'),
    ],
    root,
  )
})

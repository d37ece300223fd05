import { cpSync, mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { rolldown } from 'rolldown'
import { beforeAll, describe, expect, it } from 'vitest'
import { commit } from '../../src/changes/commit.ts'
import type { FileChange } from '../../src/model/change.ts'
import { diskAt } from '../../src/system/disk.ts'
import { runs } from '../support/effort.ts'
import { execute } from '../support/processes.ts'
import { ran } from '../support/run.ts'
import { createdService } from '../support/service.ts'
import { copyOf, type Tree, temporaryFolder, treeOf } from '../support/tree.ts'
import { stateOf } from './scenario.ts'

const checkout = resolve(import.meta.dirname, '../..')
const home = temporaryFolder()

/** The whole program, built from the sources as they are, beside templates and packages. */
async function program(): Promise<string> {
  const folder = mkdtempSync(join(home, 'program-'))
  for (const name of ['templates', 'node_modules']) {
    symlinkSync(join(checkout, name), join(folder, name))
  }
  cpSync(join(checkout, 'package.json'), join(folder, 'package.json'))
  const bundle = await rolldown({
    input: join(checkout, 'src/bin.ts'),
    platform: 'node',
    external: (id) => !id.startsWith('.') && !id.startsWith('/'),
  })
  await bundle.write({ dir: join(folder, 'dist'), format: 'esm' })
  await bundle.close()
  return join(folder, 'dist/bin.js')
}

let bin: string
beforeAll(async () => {
  bin = await program()
})

const words = {
  product: ['generate', 'resource', 'Product', 'name:string'],
  order: ['generate', 'resource', 'Order', 'name:string'],
}

describe('two programs at once on one project', () => {
  it('both end well, or one is refused, and nothing is lost', async () => {
    const service = await createdService('--features', 'database')
    const results: Record<string, Tree> = {}
    for (const [name, commands] of Object.entries({
      first: [words.product],
      second: [words.order],
      both: [words.product, words.order],
    })) {
      const root = copyOf(service)
      for (const argv of commands) await ran(root, argv)
      results[name] = timeless(treeOf(root))
    }
    const rounds = runs('two programs at once', { quick: 2, full: 12 })
    for (let round = 0; round < rounds; round += 1) {
      const root = copyOf(service)
      const start = async (argv: readonly string[], delay: number) => {
        await sleep(delay)
        return execute(root, [process.execPath, bin, ...argv])
      }
      const [first, second] = await Promise.all([
        start(words.product, 0),
        start(words.order, round * 20),
      ])
      const said = `${first.output}${second.output}`
      expect([0, 3], said).toContain(first.code)
      expect([0, 3], said).toContain(second.code)
      expect([first.code, second.code], said).toContain(0)
      const isBoth = first.code === 0 && second.code === 0
      const expected = isBoth ? 'both' : first.code === 0 ? 'first' : 'second'
      expect(timeless(treeOf(root)), said).toEqual(results[expected])
      if (!isBoth) expect(said).toMatch(/refused (CHANGED_MEANWHILE|LOCKED)/)
      expect(Object.keys(stateOf(root)).filter((path) => /~$|\.lock$|journal/.test(path))).toEqual(
        [],
      )
    }
  })
})

/** The tree without the second of the command, which stands in migrations and records. */
function timeless(tree: Tree): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([path, text]) => [
      path.replace(/\b20\d{12}(?=_)/, 'STAMP'),
      path.startsWith('.create-service/units/') ? '' : text,
    ]),
  )
}

describe('two commits at once in one project', () => {
  function shared(): { root: string; update: (after: string) => FileChange } {
    const root = mkdtempSync(join(home, 'project-'))
    writeFileSync(join(root, 'a.ts'), 'a\n')
    const before = diskAt(root).read('a.ts')
    if (before === undefined) throw new Error('a.ts is missing')
    return { root, update: (after) => ({ kind: 'update', path: 'a.ts', before, after }) }
  }

  it('both happen where they change different files', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { root } = shared()
      const paths = ['b.ts', 'new/c.ts', 'new/d.ts', 'e/f/g.ts', 'h.ts']
      const create = (path: string) => commit(root, [{ kind: 'create', path, after: path }])
      await Promise.all(paths.map(create))
      expect(Object.keys(treeOf(root)).sort()).toEqual(['a.ts', ...paths].sort())
      expect(stateOf(root)).not.toHaveProperty('.create-service')
    }
  })

  it('one of them is refused where they change the same file', async () => {
    const { root, update } = shared()
    const texts = ['one\n', 'two\n', 'three\n']
    const ends = await Promise.allSettled(texts.map((text) => commit(root, [update(text)])))
    const done = ends.flatMap(({ status }, index) => (status === 'fulfilled' ? index : []))
    expect(done.length).toBe(1)
    expect(treeOf(root)).toEqual({ 'a.ts': texts[done[0] ?? -1] })
    for (const end of ends) {
      if (end.status === 'rejected') expect(end.reason).toMatchObject({ code: 'CHANGED_MEANWHILE' })
    }
  })

  it('happen in one folder that none of them has yet', async () => {
    const root = join(mkdtempSync(join(home, 'parent-')), 'deep/root')
    mkdirSync(resolve(root, '../..'), { recursive: true })
    const create = (path: string) => commit(root, [{ kind: 'create', path, after: path }])
    await Promise.all(['a.ts', 'b.ts', 'c.ts'].map(create))
    expect(stateOf(root)).toEqual({ 'a.ts': '644 a.ts', 'b.ts': '644 b.ts', 'c.ts': '644 c.ts' })
  })
})

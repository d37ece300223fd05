import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { snapshotOf } from '../support/foreign.ts'
import { ran, run } from '../support/run.ts'
import { createdService, product } from '../support/service.ts'
import { type Tree, treeOf, writeTree } from '../support/tree.ts'

const shared = 'src/resources/index.ts'
const nothingToDo = 'Nothing to do: everything is there already.\n'
const router = (name: string) => ['generate', 'router', name]

async function serviceWith(...names: readonly string[]): Promise<string> {
  const root = await createdService('--preset', 'minimal')
  for (const name of names) await ran(root, router(name))
  return root
}

function sharedIn(root: string): string {
  return treeOf(root)[shared] ?? ''
}

/** A text without the lines of a router. */
function without(name: string, text: string): string {
  const isAbout = (line: string) => new RegExp(`\\b${name}\\b`).test(line)
  return text
    .split('\n')
    .filter((line) => !isAbout(line))
    .join('\n')
}

describe('what is known of a shared file', () => {
  it('is the truth however often a line goes and comes back', async () => {
    const root = await serviceWith('aa')
    const whole = sharedIn(root)
    const commented = `${whole}// theirs\n`
    const texts = [whole, without('aa', whole), whole, without('aa', whole), commented, whole]
    for (const text of [...texts, without('aa', commented), commented]) {
      writeTree(root, { [shared]: text })
      const isThere = text.includes('register(aa,')
      expect((await run(root, [...router('aa'), '--check'])).code).toBe(isThere ? 0 : 1)
      expect((await ran(root, router('aa'))).out === nothingToDo).toBe(isThere)
      expect(sharedIn(root)).toBe(text.includes('theirs') ? commented : whole)
    }
  })

  it('is nothing of another router whose line has gone meanwhile', async () => {
    const root = await serviceWith('aa', 'bb')
    const whole = sharedIn(root)
    writeTree(root, { [shared]: without('bb', whole) })
    expect((await ran(root, router('aa'))).out).toBe(nothingToDo)
    expect((await ran(root, router('bb'))).out).toContain(`update ${shared}`)
    expect(sharedIn(root)).toBe(whole)
  })

  it('ends with a destroy, also where its result was there before', async () => {
    const root = await serviceWith('aa', 'bb')
    const whole = sharedIn(root)
    await ran(root, ['destroy', 'router', 'bb'])
    expect((await ran(root, router('aa'))).out).toBe(nothingToDo)
    expect((await ran(root, router('bb'))).out).toContain(`update ${shared}`)
    expect(sharedIn(root)).toBe(whole)
  })

  it('does not outlive an undo', async () => {
    const root = await serviceWith('aa')
    const whole = treeOf(root)
    await ran(root, ['undo'])
    expect((await ran(root, router('aa'))).out).toContain(`update ${shared}`)
    expect(treeOf(root)).toEqual(whole)
  })
})

describe('what is known of files of ours', () => {
  it('is not that a file is there that was taken back while its sibling stayed', async () => {
    const root = await createdService('--preset', 'minimal')
    const migration = ['migration', 'add_x', '--no-install']
    await ran(root, ['generate', ...migration])
    const whole = treeOf(root)
    const [up = ''] = Object.keys(whole).filter((path) => path.endsWith('add_x.up.sql'))
    const record = '.create-service/units/migration-add-x'
    const unit = JSON.parse(whole[record] ?? '')
    const reduced = { ...unit, files: { [up]: unit.files[up] }, isReduced: true }
    writeTree(root, { [record]: `${JSON.stringify(reduced, null, 2)}\n` })
    rmSync(join(root, up.replace('.up.', '.down.')))
    await ran(root, ['generate', ...migration])
    expect(treeOf(root)).toEqual(whole)
    expect((await ran(root, ['generate', ...migration])).out).toBe(nothingToDo)
  })

  it('is not that an edited file is as it was, until it is put back', async () => {
    const root = await serviceWith('aa')
    const file = 'src/routers/aa.ts'
    const text = treeOf(root)[file] ?? ''
    for (let round = 0; round < 2; round++) {
      writeTree(root, { [file]: `${text}// theirs\n` })
      expect((await ran(root, router('aa'))).err).toContain(`${file} was edited`)
      writeTree(root, { [file]: text })
      expect(await ran(root, router('aa'))).toEqual({ code: 0, out: nothingToDo, err: '' })
    }
  })

  it('is not that a deleted file is there', async () => {
    const root = await serviceWith('aa')
    const whole = treeOf(root)
    rmSync(join(root, 'src/routers/aa.ts'))
    await ran(root, router('aa'))
    expect(treeOf(root)).toEqual(whole)
  })
})

describe('a fresh clone, which has no history', () => {
  it.each([
    ['a service', [...product, '--no-install']],
    ['a router', router('aa')],
  ])('in which %s is generated again stays as it is', async (_what, argv) => {
    const root = await createdService('--preset', 'minimal')
    await ran(root, argv)
    rmSync(join(root, '.create-service/history'), { recursive: true })
    const cloned: { readonly tree: Tree } = snapshotOf(root)
    for (let round = 0; round < 3; round++) {
      expect(await ran(root, argv)).toEqual({ code: 0, out: nothingToDo, err: '' })
      expect(snapshotOf(root)).toEqual(cloned)
    }
    const { out } = await ran(root, ['undo', '--list', '--json'])
    expect(JSON.parse(out).runs).toEqual([])
  })
})

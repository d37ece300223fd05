import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { unpackPristine } from '../src/changes/units.ts'
import type { Unit } from '../src/model/unit.ts'
import { sha256 } from '../src/system/hash.ts'
import { everyField } from './support/every-field.ts'
import { ran } from './support/run.ts'
import { createdService } from './support/service.ts'
import { type Tree, treeOf, writeTree } from './support/tree.ts'

const update = process.env.UPDATE_GOLDEN === '1'

/**
 * Produced trees as they are reviewed. The compressed texts in the records are left out, because
 * their bytes are the compressor's affair; that they hold the right texts is checked below.
 */
function reviewed(tree: Tree): Tree {
  return Object.fromEntries(
    Object.entries(tree).map(([path, text]) => [
      path,
      isUnit(path) ? text.replace(/"pristine": "[^"]*"/, '"pristine": "…"') : text,
    ]),
  )
}

function isUnit(path: string): boolean {
  return path.startsWith('.create-service/units/')
}

/** The files of a tree that another one has not, or not so. */
function differenceOf(tree: Tree, other: Tree): Tree {
  return Object.fromEntries(Object.entries(tree).filter(([path, text]) => other[path] !== text))
}

function expectGolden(name: string, actual: Tree): void {
  const folder = join(import.meta.dirname, 'golden', name)
  if (update) {
    rmSync(folder, { recursive: true, force: true })
    writeTree(folder, actual)
  }
  expect(actual).toEqual(treeOf(folder))
}

describe('golden trees', () => {
  it('minimal', async () => {
    expectGolden('minimal', reviewed(treeOf(await createdService('--preset', 'minimal'))))
  })

  it('minimal + database + a resource of every field type (what differs from minimal)', async () => {
    const minimal = reviewed(treeOf(await createdService('--preset', 'minimal')))
    const root = await createdService('--features', 'database')
    await ran(root, ['generate', 'resource', 'Specimen', ...everyField])
    expectGolden('database-specimen', differenceOf(reviewed(treeOf(root)), minimal))
  })

  it('minimal + request-logging (what differs from minimal)', async () => {
    const minimal = reviewed(treeOf(await createdService('--preset', 'minimal')))
    const produced = reviewed(treeOf(await createdService('--features', 'request-logging')))
    expectGolden('request-logging', differenceOf(produced, minimal))
  })

  it('minimal + resilience (what differs from minimal)', async () => {
    const minimal = reviewed(treeOf(await createdService('--preset', 'minimal')))
    const produced = reviewed(treeOf(await createdService('--features', 'resilience')))
    expectGolden('resilience', differenceOf(produced, minimal))
  })

  it('minimal + rate-limit (what differs from minimal)', async () => {
    const minimal = reviewed(treeOf(await createdService('--preset', 'minimal')))
    const produced = reviewed(treeOf(await createdService('--features', 'rate-limit')))
    expectGolden('rate-limit', differenceOf(produced, minimal))
  })

  it('minimal + cache (what differs from minimal)', async () => {
    const minimal = reviewed(treeOf(await createdService('--preset', 'minimal')))
    const produced = reviewed(treeOf(await createdService('--features', 'cache')))
    expectGolden('cache', differenceOf(produced, minimal))
  })

  it('minimal + auth (what differs from minimal + database)', async () => {
    const database = reviewed(treeOf(await createdService('--features', 'database')))
    const produced = reviewed(treeOf(await createdService('--features', 'auth')))
    expectGolden('auth', differenceOf(produced, database))
  })

  it('records hold every file as it was rendered', async () => {
    const root = await createdService('--features', 'database')
    await ran(root, ['generate', 'resource', 'Specimen', ...everyField])
    const tree = treeOf(root)
    const units = Object.entries(tree)
      .filter(([path]) => isUnit(path))
      .map(([, text]) => JSON.parse(text) as Unit)
    const edited = new Set(units.flatMap(({ edits }) => edits.map(({ path }) => path)))
    expect(units.map(({ kind }) => kind).sort()).toEqual(['base', 'feature', 'resource'])
    for (const { files, pristine } of units) {
      const texts = unpackPristine(pristine)
      expect(Object.keys(texts)).toEqual(Object.keys(files))
      for (const [path, text] of Object.entries(texts)) {
        expect(sha256(text), path).toBe(files[path])
        if (!edited.has(path)) expect(tree[path], path).toBe(text)
      }
    }
    const owned = units.flatMap(({ files }) => Object.keys(files))
    const recorded = Object.keys(tree).filter((path) => !path.startsWith('.create-service/'))
    expect(owned.sort()).toEqual(recorded.sort())
  })
})

import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { ran } from '../support/run.ts'
import { createdService } from '../support/service.ts'
import { type Tree, temporaryFolder, timesOf, treeOf, writeTree } from '../support/tree.ts'

const records = '.create-service'
const router = (name: string) => ['generate', 'router', name]

/** A project that some team has written. */
const written: Tree = {
  'package.json': '{ "name": "app", "type": "module", "dependencies": { "fastify": "^5.0.0" } }\n',
  'src/app.js': "import Fastify from 'fastify'\n\nexport const app = Fastify()\n",
}

async function foreign(): Promise<string> {
  const root = temporaryFolder()
  writeTree(root, written)
  return root
}

/** Gives every record the name that earlier versions gave it. */
function asBefore(root: string): void {
  for (const folder of [records, `${records}/units`, `${records}/history`]) {
    for (const { name, parentPath, ...entry } of files(join(root, folder))) {
      if (name.startsWith('.') || name.endsWith('.json') || !entry.isFile) continue
      const path = join(parentPath, name)
      const text = readFileSync(path, 'utf8')
      rmSync(path)
      // A run names the records that it wrote.
      writeFileSync(
        `${path}.json`,
        text.replace(/("\.create-service\/(manifest|units\/[^"]+))"/g, '$1.json"'),
      )
    }
  }
}

function files(folder: string) {
  return readdirSync(folder, { withFileTypes: true }).map((entry) => ({
    name: entry.name,
    parentPath: entry.parentPath,
    isFile: entry.isFile(),
  }))
}

const recordsIn = (root: string) =>
  [records, `${records}/units`, `${records}/history`].flatMap((folder) =>
    files(join(root, folder)).flatMap(({ name, isFile }) => (isFile ? name : [])),
  )

describe.each([
  ['a service', () => createdService('--preset', 'minimal')],
  ['a project that was made elsewhere', foreign],
])('%s whose records end in .json, as earlier versions wrote them', (_what, made) => {
  let root: string
  let before: Tree

  beforeEach(async () => {
    root = await made()
    before = treeOf(root)
    await ran(root, router('a1'))
    asBefore(root)
  })

  it('stays as it is when a command has nothing to do', async () => {
    const [tree, times] = [treeOf(root), timesOf(root)]
    await ran(root, router('a1'))
    expect((await ran(root, ['status'])).out).not.toContain('edited')
    expect([treeOf(root), timesOf(root)]).toEqual([tree, times])
  })

  it('knows what it made, and takes it back without a trace', async () => {
    await ran(root, ['destroy', 'router', 'a1'])
    const text = (tree: Tree) =>
      Object.entries(tree).filter(([path]) => !path.startsWith(`${records}/`))
    expect(text(treeOf(root))).toEqual(text(before))
  })

  it('can undo the runs of then', async () => {
    await ran(root, router('b1'))
    await ran(root, ['undo'])
    await ran(root, ['undo'])
    const own = (tree: Tree) =>
      Object.entries(tree).map(([path, text]) => [path.replace(/(service\/.*)\.json$/, '$1'), text])
    expect(own(treeOf(root))).toEqual(own(before))
  })

  it('renames what it writes, and the history', async () => {
    await ran(root, router('b1'))
    const names = recordsIn(root)
    expect(names).toContain('router-b1')
    expect(names).not.toContain('router-b1.json')
    expect(names).toContain('known')
    expect(names.filter((name) => /known\.json|\.run\.json/.test(name))).toEqual([])
    expect(names.filter((name) => name.endsWith('.run'))).toHaveLength(2)
    // As often under one name as under the other, never under both.
    const plain = names.map((name) => name.replace(/\.json$/, ''))
    expect(new Set(plain).size).toBe(plain.length)
  })
})

import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { complaintsOf, copyProject, isTyped, snapshotOf } from '../support/foreign.ts'
import { ran } from '../support/run.ts'
import { treeOf } from '../support/tree.ts'
import { drizzleProjects, generateThing } from './resource-projects.ts'

function changedPaths(before: object, after: object): readonly string[] {
  const [was, is] = [new Map(Object.entries(before)), new Map(Object.entries(after))]
  return [...new Set([...was.keys(), ...is.keys()])]
    .filter((path) => was.get(path) !== is.get(path) && !path.startsWith('.create-service/'))
    .sort()
}

describe.each(drizzleProjects)('a resource in $name', ({ name, entry, changed }) => {
  it('goes where the project has such files, and typechecks', async () => {
    const root = copyProject({ name })
    const before = treeOf(root)
    const { out } = await ran(root, generateThing)
    expect(changedPaths(before, treeOf(root))).toEqual(changed)
    expect(out).toContain('npx drizzle-kit generate')
    if (isTyped({ entry })) expect(await complaintsOf(root)).toBe('')
  })

  it('names the next command with the package manager of the project', async () => {
    const root = copyProject({ name })
    writeFileSync(join(root, 'pnpm-lock.yaml'), 'lockfileVersion: "9.0"\n')
    expect((await ran(root, generateThing)).out).toContain('pnpm exec drizzle-kit generate')
    const { out } = await ran(root, ['destroy', 'resource', 'Thing'])
    expect(out).toContain('pnpm exec drizzle-kit generate')
  })

  it('is written when it is asked for, once, and taken back without a trace', async () => {
    const root = copyProject({ name })
    const before = snapshotOf(root)
    await ran(root, [...generateThing, '--dry-run'])
    expect(snapshotOf(root)).toEqual(before)
    await ran(root, generateThing)
    const once = snapshotOf(root)
    await ran(root, generateThing)
    await ran(root, ['generate', 'resource', 'Thing'])
    expect(snapshotOf(root)).toEqual(once)
    await ran(root, ['destroy', 'resource', 'Thing'])
    expect(treeOf(root)).toEqual(before.tree)
  })

  it('is the same in parts, and whatever stood beside it', async () => {
    const [whole, parts] = [copyProject({ name }), copyProject({ name })]
    const other = ['generate', 'resource', 'OrderItem', 'note:text']
    await ran(whole, generateThing)
    await ran(parts, [...generateThing, '--model', '--schema'])
    await ran(parts, ['generate', 'resource', 'Thing', '--crud'])
    await ran(parts, ['generate', 'resource', 'Thing', '--router'])
    expect(treeOf(parts)).toEqual(treeOf(whole))
    await ran(whole, other)
    await ran(whole, ['destroy', 'resource', 'Thing'])
    await ran(parts, ['destroy', 'resource', 'Thing'])
    await ran(parts, other)
    expect(treeOf(parts)).toEqual(treeOf(whole))
  })
})

describe('a resource where one file exports the instance and another one registers on it', () => {
  it('is registered in the other', async () => {
    const root = copyProject({ name: 'drizzle-javascript' })
    const server = join(root, 'src/server.js')
    const text = readFileSync(server, 'utf8')
    const building = ['import Fastify from "fastify";', 'const app = Fastify();']
    const importing = text.replace(building[0] ?? '', 'import { app } from "./app.js";')
    writeFileSync(server, importing.replace(`${building[1]}\n\n`, ''))
    writeFileSync(join(root, 'src/app.js'), `${building[0]}\n\nexport ${building[1]}\n`)
    const before = treeOf(root)
    await ran(root, generateThing)
    const after = treeOf(root)
    expect(after['src/app.js']).toBe(before['src/app.js'])
    expect(after['src/server.js']).toMatch(
      /\(roomRoutes, .*\n.*register\(thingRoutes.*\n\napp.listen/,
    )
    await ran(root, ['destroy', 'resource', 'Thing'])
    expect(treeOf(root)).toEqual(before)
  })
})

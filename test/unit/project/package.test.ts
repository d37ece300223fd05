import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { enclosingManager, packageManagerOf } from '../../../src/project/package.ts'
import { ran, run } from '../../support/run.ts'
import { createdService, createFlags } from '../../support/service.ts'
import { temporaryFolder, treeOf, writeTree } from '../../support/tree.ts'

function folderWith(files: Readonly<Record<string, string>>): string {
  const root = temporaryFolder()
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), text)
  }
  return root
}

const fastifyApp = '{ "name": "outer", "dependencies": { "fastify": "5" } }'

describe('a package.json that cannot be parsed', () => {
  it.each([
    ['conflict markers', '{\n<<<<<<< ours\n"a": 1\n=======\n"a": 2\n>>>>>>> theirs\n}', 2],
    ['a comment', '{\n  // ours\n  "name": "app"\n}', 2],
    ['a trailing comma', '{\n  "name": "app",\n}', 3],
    ['a missing comma', '{\n  "name": "app"\n  "type": "module"\n}', 3],
    ['nothing', '', 1],
    ['a list', '[]', 1],
  ])('stops every command with its line: %s', async (_name, text, line) => {
    const root = folderWith({ 'package.json': fastifyApp, 'app/package.json': text })
    const before = treeOf(root)
    for (const words of [
      ['generate', 'router', 'hooks'],
      ['status'],
      ['undo'],
      ['dev', 'deps'],
      ['dev', 'lint'],
      ['features'],
    ]) {
      const { code, err } = await run(join(root, 'app'), words)
      expect(code, words.join(' ')).toBe(3)
      expect(err).toContain(`app/package.json:${line}`)
    }
    expect(treeOf(root)).toEqual(before)
  })

  it.each([
    ['of the service itself', 'package.json', '.'],
    ['of a package below the service', 'tools/package.json', 'tools'],
  ])('stops every command in a service: %s', async (_which, path, folder) => {
    const root = await createdService('--preset', 'minimal')
    writeTree(root, { [path]: '{\n<<<<<<< ours\n}\n' })
    const before = treeOf(root)
    for (const words of [['generate', 'router', 'hooks'], ['status'], ['undo'], ['dev', 'deps']]) {
      const { code, err } = await run(join(root, folder), words)
      expect(code, words.join(' ')).toBe(3)
      expect(err).toContain(`${path}:2`)
    }
    expect(treeOf(root)).toEqual(before)
  })

  it('does not stop a project below it', async () => {
    const root = folderWith({ 'package.json': '{', 'app/package.json': fastifyApp })
    expect((await ran(join(root, 'app'), ['status'])).code).toBe(0)
    await ran(root, ['./service', '--preset', 'minimal', ...createFlags])
    expect((await ran(join(root, 'service'), ['status'])).code).toBe(0)
  })

  it('does not stop the creation of a service beside it', async () => {
    const root = folderWith({ 'package.json': '{' })
    await ran(root, ['./service', '--preset', 'minimal', ...createFlags])
    expect(treeOf(root)['service/package.json']).toContain('"name": "service"')
  })
})

describe('a tsconfig.json that cannot be parsed', () => {
  it.each([
    ['conflict markers', '{\n<<<<<<< ours\n  "a": 1\n}', 2],
    ['a missing brace', '{\n  "compilerOptions": {\n', 3],
  ])('stops what imports depend on, with its line: %s', async (_name, text, line) => {
    const root = folderWith({
      'package.json': fastifyApp,
      'src/app.ts': "import Fastify from 'fastify'\n\nexport const app = Fastify()\n",
      'tsconfig.json': text,
    })
    const before = treeOf(root)
    const { code, err } = await run(root, ['generate', 'router', 'hooks'])
    expect(err).toContain(`tsconfig.json:${line}`)
    expect(code).toBe(3)
    expect(treeOf(root)).toEqual(before)
  })

  it.each(['', '{ // ours\n  "compilerOptions": {},\n}'])('%j is fine', async (text) => {
    const root = folderWith({
      'package.json': fastifyApp,
      'src/app.ts': "import Fastify from 'fastify'\n\nexport const app = Fastify()\n",
      'tsconfig.json': text,
    })
    expect((await ran(root, ['generate', 'router', 'hooks'])).code).toBe(0)
  })
})

describe('the package manager', () => {
  it.each([
    ['pnpm', { 'pnpm-lock.yaml': '' }],
    ['pnpm', { 'pnpm-workspace.yaml': '' }],
    ['yarn', { 'package.json': '{ "packageManager": "yarn@4.9.1" }' }],
    ['pnpm', { 'package.json': '{ "packageManager": "pnpm@10.1.0+sha512.abc" }' }],
    ['bun', { 'bun.lock': '' }],
  ])('is %s inside its workspace', async (manager, files) => {
    const root = folderWith({ ...files, 'packages/app/package.json': '{ "name": "app" }' })
    expect(packageManagerOf(join(root, 'packages/app'))).toBe(manager)
    const created = ['./packages/api', '--preset', 'minimal', ...createFlags]
    const { out } = await ran(root, created)
    expect(out).toContain(`  ${manager} install`)
  })

  it('is found up to the repository, not above it', () => {
    const root = folderWith({ 'yarn.lock': '', 'repository/.git/HEAD': '' })
    expect(enclosingManager(join(root, 'repository'))).toBeUndefined()
    expect(packageManagerOf(join(root, 'repository'))).toBe('npm')
  })

  it('is the one that is asked for, whatever is around', async () => {
    const root = folderWith({ 'pnpm-lock.yaml': '' })
    const words = ['./api', '--preset', 'minimal', '--package-manager', 'npm', ...createFlags]
    expect((await ran(root, words)).out).toContain('  npm install')
  })
})

import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findLeftovers, removeLeftovers } from '../../../src/dev/clean/clean.ts'
import { git, identity, useGitSettings } from '../../support/git.ts'
import { type Tree, temporaryFolder, writeTree } from '../../support/tree.ts'

function projectOf(tree: Tree): string {
  const root = join(temporaryFolder(), 'project')
  writeTree(root, { 'package.json': '{}', ...tree })
  return root
}

function repositoryOf(tree: Tree, tracked: readonly string[] = []): string {
  useGitSettings(identity)
  const root = projectOf(tree)
  git(root, 'init', '-q')
  if (tracked.length > 0) git(root, 'add', '-f', ...tracked)
  return root
}

async function pathsIn(root: string): Promise<readonly string[]> {
  return (await findLeftovers(root)).found.map(({ path }) => path)
}

const reasonsIn = async (root: string) =>
  Object.fromEntries((await findLeftovers(root)).kept.map(({ path, reason }) => [path, reason]))

describe('findLeftovers', () => {
  it('finds what builds, tests and tools leave, with sizes', async () => {
    const root = projectOf({
      'dist/a/b.js': '12345',
      'dist/c.js': '123',
      'coverage/index.html': '',
      '.turbo/log': '',
      'tsconfig.build.tsbuildinfo': '{}',
      '.eslintcache': '',
      'node_modules/.vite/results.json': '',
      'node_modules/.cache/x': '',
      'node_modules/fastify/package.json': '{}',
    })
    const { found, kept } = await findLeftovers(root)
    expect(found.map(({ path }) => path).sort()).toEqual(
      ['.eslintcache', '.turbo', 'coverage', 'dist']
        .concat(['node_modules/.cache', 'node_modules/.vite', 'tsconfig.build.tsbuildinfo'])
        .sort(),
    )
    expect(found).toContainEqual({ path: 'dist', kind: 'folder', bytes: 8 })
    expect(kept).toEqual([])
  })

  it('finds nothing in a clean project', async () => {
    expect(await findLeftovers(projectOf({ 'src/app.ts': '' }))).toEqual({ found: [], kept: [] })
  })

  it.each([
    ['a comment and a slash', '{ // here\n "compilerOptions": { "outDir": "./lib/" } }', ['lib']],
    ['a variable', '{ "compilerOptions": { "outDir": "$\x7BconfigDir}/lib" } }', ['lib']],
    [
      'a folder for declarations and a file',
      '{ "compilerOptions": { "declarationDir": "lib", "tsBuildInfoFile": "other/x.info" } }',
      ['lib', 'other/x.info'],
    ],
    ['sources compiled in place', '{ "compilerOptions": { "outDir": "." } }', []],
    ['nothing that can be read', '{', []],
  ])('takes the output from the compiler: %s', async (_what, tsconfig, expected) => {
    const root = projectOf({ 'tsconfig.json': tsconfig, 'lib/a.js': '', 'other/x.info': '' })
    expect(await pathsIn(root)).toEqual(expected)
  })

  it('takes the output from a configuration that is extended', async () => {
    const root = projectOf({
      'tsconfig.json': '{ "extends": "./config/base" }',
      'config/base.json': '{ "compilerOptions": { "outDir": "../target" } }',
      'target/a.js': '',
    })
    expect(await pathsIn(root)).toEqual(['target'])
  })

  it('names a folder within another one once', async () => {
    const root = projectOf({
      'tsconfig.json': '{ "compilerOptions": { "outDir": "dist/src" } }',
      'dist/src/a.js': '',
    })
    expect(await pathsIn(root)).toEqual(['dist'])
  })

  it.each([
    ['../other', 'lies outside of the project'],
    ['src', 'belongs to the project'],
    ['.data', 'belongs to the project'],
    ['.create-service/x', 'belongs to the project'],
    ['node_modules', 'holds packages'],
    ['node_modules/fastify', 'holds packages'],
    ['lib', 'holds sources, such as deep/a.ts'],
  ])('leaves the output folder %s', async (outDir, reason) => {
    const root = projectOf({
      'tsconfig.json': JSON.stringify({ compilerOptions: { outDir } }),
      '../other/a.js': '',
      'src/a.js': '',
      '.data/PG_VERSION': '',
      '.create-service/x/a.js': '',
      'node_modules/fastify/package.json': '',
      'lib/deep/a.ts': '',
      'lib/deep/a.d.ts': '',
    })
    expect(await findLeftovers(root)).toEqual({ found: [], kept: [{ path: outDir, reason }] })
  })

  it.each(['.data/base', '.env', 'x/PG_VERSION', '.git/HEAD'])(
    'leaves a folder that holds %s',
    async (path) => {
      const root = projectOf({ [`dist/${path}`]: '' })
      expect(await pathsIn(root)).toEqual([])
      expect((await reasonsIn(root)).dist).toContain('holds ')
    },
  )

  it('does not look through a link to node_modules', async () => {
    const root = projectOf({ '../elsewhere/.vite/a': '' })
    symlinkSync('../elsewhere', join(root, 'node_modules'))
    expect(await findLeftovers(root)).toEqual({
      found: [],
      kept: [{ path: 'node_modules/.vite', reason: 'lies outside of the project, behind a link' }],
    })
  })

  it('leaves what git tracks, and what may be written by hand', async () => {
    const tree = { 'dist/a.js': '', 'dist/b.js': '', 'coverage/x': '', 'build/make.js': '' }
    const ignored = { '.gitignore': 'coverage/\n' }
    const root = repositoryOf({ ...tree, ...ignored, '.eslintcache': '' }, [
      'dist/a.js',
      '.eslintcache',
    ])
    expect(await pathsIn(root)).toEqual(['coverage'])
    expect(await reasonsIn(root)).toEqual({
      dist: 'git tracks 1 file in it',
      '.eslintcache': 'git tracks it',
    })
  })

  it('leaves in a repository what git does not ignore, and says so', async () => {
    const root = repositoryOf({
      'coverage/policy.ts': 'export {}',
      'target/notes.js': '',
      'dist/a.js': '',
      'node_modules/.vite/a': '',
      'tsconfig.json': '{ "compilerOptions": { "outDir": "target" } }',
      '.gitignore': 'dist/\nnode_modules/\n',
    })
    const { found } = await findLeftovers(root)
    expect(found.map(({ path }) => path)).toEqual(['dist', 'node_modules/.vite'])
    expect(await reasonsIn(root)).toEqual({
      coverage: 'git does not ignore it',
      target: 'git does not ignore it',
    })
    await removeLeftovers(root, found)
    expect(readFileSync(join(root, 'coverage/policy.ts'), 'utf8')).toBe('export {}')
  })

  it('leaves a folder of which git ignores only what is in it', async () => {
    const tree = { 'coverage/policy.ts': '', 'coverage/a.html': '' }
    const root = repositoryOf({ ...tree, '.gitignore': 'coverage/*\n!coverage/policy.ts\n' })
    expect(await pathsIn(root)).toEqual([])
  })

  it('takes a project that is ignored as a whole for one without a repository', async () => {
    const root = repositoryOf({
      '.gitignore': '*\n',
      'work/api/dist/a.js': '',
      'work/api/build/make.js': '',
    })
    expect(await pathsIn(join(root, 'work/api'))).toEqual(['dist'])
  })

  it('takes what git ignores', async () => {
    const tree = { 'build/a.js': '', 'junit.xml': '', 'lib/a.ts': '' }
    const root = repositoryOf({
      ...tree,
      '.gitignore': 'build\njunit.xml\nlib/\n',
      'tsconfig.json': '{ "compilerOptions": { "outDir": "lib" } }',
    })
    expect(await pathsIn(root)).toEqual(['lib', 'build', 'junit.xml'])
  })

  it('asks the repository above, and about this member only', async () => {
    const root = repositoryOf(
      {
        'packages/api/dist/a.js': '',
        'packages/api/coverage/a': '',
        'dist/a.js': '',
        '.gitignore': 'coverage/\n',
      },
      ['packages/api/dist/a.js'],
    )
    expect(await pathsIn(join(root, 'packages/api'))).toEqual(['coverage'])
  })

  it('refuses where git is broken', async () => {
    const root = projectOf({ 'dist/a.js': '', '.git/HEAD': 'nonsense' })
    await expect(findLeftovers(root)).rejects.toMatchObject({ code: 'GIT_UNCLEAR', exitCode: 3 })
  })
})

describe('removeLeftovers', () => {
  it('removes links and not what they lead to, at the top and below', async () => {
    const root = projectOf({ '../other/a.js': 'a', 'coverage/b': '' })
    symlinkSync('../other', join(root, 'dist'))
    symlinkSync('../../other', join(root, 'coverage/link'))
    symlinkSync('nowhere', join(root, '.turbo'))
    const { found } = await findLeftovers(root)
    expect(found).toContainEqual({ path: 'dist', kind: 'link', bytes: 0 })
    await removeLeftovers(root, found)
    for (const path of ['dist', 'coverage', '.turbo']) {
      expect(lstatSync(join(root, path), { throwIfNoEntry: false })).toBeUndefined()
    }
    expect(readFileSync(join(root, '../other/a.js'), 'utf8')).toBe('a')
  })

  it('works in a project that is reached through a link', async () => {
    const root = projectOf({ 'dist/a.js': '' })
    symlinkSync(root, `${root}-link`)
    const { found } = await findLeftovers(`${root}-link`)
    await removeLeftovers(`${root}-link`, found)
    expect(existsSync(join(root, 'dist'))).toBe(false)
  })

  it('goes on after one that cannot be removed', async () => {
    const root = projectOf({ 'dist/a.js': '', 'coverage/a': '' })
    const found = ['dist', 'coverage'].map((path) => ({ path, kind: 'folder' as const, bytes: 0 }))
    const gone: string[] = []
    const cleaned = await removeLeftovers(root, found, async (path) => {
      if (path.endsWith('dist')) throw new Error('EACCES: permission denied')
      gone.push(path)
    })
    expect(gone).toEqual([join(root, 'coverage')])
    expect(cleaned).toEqual({
      removed: [found[1]],
      failed: [{ path: 'dist', message: 'EACCES: permission denied' }],
    })
  })

  it('is content with what is gone already', async () => {
    const root = projectOf({})
    mkdirSync(join(root, 'other'))
    const found = [{ path: 'dist', kind: 'folder' as const, bytes: 0 }]
    expect(await removeLeftovers(root, found)).toEqual({ removed: found, failed: [] })
  })
})

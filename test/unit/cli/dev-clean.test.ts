import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { run } from '../../support/run.ts'
import { temporaryFolder, writeTree } from '../../support/tree.ts'

function project(tree: Record<string, string> = {}): string {
  const root = temporaryFolder()
  writeTree(root, {
    'package.json': '{ "name": "x", "dependencies": { "fastify": "^5.0.0" } }',
    ...tree,
  })
  return root
}

const left = { 'dist/a.js': 'x'.repeat(1234), '.eslintcache': '1' }

describe('dev clean', () => {
  it('removes and lists', async () => {
    const root = project(left)
    expect(await run(root, ['dev', 'clean'])).toEqual({
      code: 0,
      out: 'removed dist/  1.2 kB\nremoved .eslintcache  1 byte\nRemoved 2 paths, 1.2 kB.\n',
      err: '',
    })
    expect(existsSync(join(root, 'dist'))).toBe(false)
    expect(await run(root, ['dev', 'clean'])).toEqual({
      code: 0,
      out: 'Nothing to remove.\n',
      err: '',
    })
  })

  it('only lists with --dry-run, also before the command', async () => {
    const root = project(left)
    const { code, out } = await run(root, ['dev', 'clean', '--dry-run'])
    expect(code).toBe(0)
    expect(out).toBe(
      'would remove dist/  1.2 kB\nwould remove .eslintcache  1 byte\n2 paths, 1.2 kB. Nothing was removed.\n',
    )
    expect((await run(root, ['--dry-run', 'dev', 'clean'])).out).toBe(out)
    expect(existsSync(join(root, 'dist/a.js'))).toBe(true)
  })

  it('says what stays on stderr', async () => {
    const tree = { 'tsconfig.json': '{ "compilerOptions": { "outDir": "src" } }', 'src/a.ts': '' }
    const { code, out, err } = await run(project(tree), ['dev', 'clean'])
    expect({ code, out, err }).toEqual({
      code: 0,
      out: 'Nothing to remove.\n',
      err: '! src stays: belongs to the project\n',
    })
  })

  it('gives the document of commands that change files', async () => {
    const { out } = await run(project(left), ['dev', 'clean', '--json'])
    expect(JSON.parse(out)).toEqual({
      command: 'dev clean',
      outcome: 'applied',
      changes: [
        { path: 'dist', kind: 'delete', what: 'folder', bytes: 1234 },
        { path: '.eslintcache', kind: 'delete', what: 'file', bytes: 1 },
      ],
      refusals: [],
      warnings: [],
      followUps: [],
      next: [],
    })
  })

  it.each([
    [['--dry-run'], left, 'planned'],
    [[], {}, 'present'],
  ])('with %j names the outcome', async (flags, tree, outcome) => {
    const { out } = await run(project(tree), ['dev', 'clean', '--json', ...flags])
    expect(JSON.parse(out).outcome).toBe(outcome)
  })

  it('is silent with --quiet', async () => {
    const root = project(left)
    expect(await run(root, ['dev', 'clean', '-q'])).toEqual({ code: 0, out: '', err: '' })
    expect(existsSync(join(root, 'dist'))).toBe(false)
  })

  it.each([
    [['--all'], 2],
    [['--cwd', 'nowhere'], 2],
  ])('refuses %j', async (flags, code) => {
    expect((await run(project(left), ['dev', 'clean', ...flags])).code).toBe(code)
  })
})

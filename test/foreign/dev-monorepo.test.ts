import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { resolveTest } from '../../src/dev/test/resolve-test.ts'
import { resolveFormat } from '../../src/dev/tools/resolve-format.ts'
import { resolveLint } from '../../src/dev/tools/resolve-lint.ts'
import { resolveTypecheck } from '../../src/dev/tools/resolve-typecheck.ts'
import { startRegistry } from '../support/registry.ts'
import { run } from '../support/run.ts'
import { treeOf, writeTree } from '../support/tree.ts'
import { openSession, outcomesIn, placesIn, type Session, servedBy, typed } from './dev-session.ts'

let session: Session
let root: string
beforeAll(async () => {
  session = await openSession('dev-monorepo', 'services/api')
  root = join(session.folder, '../..')
  // What is wrong with other members is not this one's concern.
  writeTree(root, others)
})

const others = {
  'packages/money/src/broken.ts':
    'export const rate: number = "high"\n\nexport const isFree = (n: number) => n === -0\n',
  'packages/money/test/broken.test.ts':
    "import { test } from 'vitest'\ntest('breaks', () => { throw new Error('no') })\n",
}

const faults = {
  'src/bundles.ts':
    'export function isEmpty(count: number): boolean {\n  debugger\n  return count === -0\n}\n',
  'src/rows.ts': "export const rows = ['A',\n  'B']\n",
  'src/prices.ts': "export const price: number = 'free'\n",
  'test/bundles.test.ts':
    "import { expect, test } from 'vitest'\nimport { isEmpty } from '../src/bundles.ts'\n\ntest('one is empty', () => {\n  expect(isEmpty(1)).toBe(true)\n})\n",
}

afterEach(() => {
  vi.unstubAllEnvs()
  for (const name of Object.keys(faults)) rmSync(join(session.folder, name), { force: true })
})

describe('a member of a workspace, with the tools of its root', () => {
  it('resolves every command to run in the member', () => {
    const { facts, folder } = session
    const commands = {
      'biome lint .': resolveLint(facts),
      'biome lint . --write': resolveLint(facts, { fix: true }),
      'biome lint . --watch': resolveLint(facts, { watch: true }),
      'biome format . --write': resolveFormat(facts),
      'biome format .': resolveFormat(facts, { check: true }),
      'tsc --noEmit': resolveTypecheck(facts),
      'vitest run': resolveTest(facts),
      'vitest run test/app.test.ts': resolveTest(facts, { paths: ['test/app.test.ts'] }),
      'vitest run --testNamePattern=a\\|b': resolveTest(facts, { keyword: 'a|b' }),
      'vitest run --bail=1 --reporter=verbose': resolveTest(facts, {
        failFast: true,
        verbose: true,
      }),
      'vitest watch': resolveTest(facts, { watch: true }),
    }
    for (const [words, command] of Object.entries(commands)) {
      expect({ words: typed(command), cwd: command.cwd }).toEqual({ words, cwd: folder })
    }
    expect(typed(resolveTypecheck(facts, { strict: true }))).toMatch(/^tsc --noEmit --strict --\S/)
    expect(() => resolveTest(facts, { html: true })).toThrow('another package')
    expect(servedBy(facts, { port: '3902' })).toEqual({
      words: 'npm run dev',
      env: { PORT: '3902' },
    })
    expect(servedBy(facts, { reload: false }).words).toBe('npm run start')
  })

  it('passes quality whatever is wrong with other members', async () => {
    const before = treeOf(root)
    const { code, document } = await session.json('quality')
    expect(outcomesIn(document)).toEqual({
      lint: 'passed',
      format: 'passed',
      typecheck: 'passed',
      test: 'passed',
    })
    expect(document.checks[3]).toMatchObject({ command: 'vitest run', note: '3 passed' })
    expect(code).toBe(0)
    expect(treeOf(root)).toEqual(before)
  })

  it('has four faults reported in one run, then mended as far as possible', async () => {
    writeTree(session.folder, faults)
    const { code, out } = await session.dev('quality')
    for (const place of ['bundles.ts:2:3', 'bundles.ts:3:10', 'rows.ts:1', 'prices.ts:1:14']) {
      expect(out).toContain(`\n  src/${place} `)
    }
    expect(out).toMatch(/^ {2}test\/bundles\.test\.ts:5:\d+ .*one is empty/m)
    expect(out).not.toContain('money/src/broken.ts')
    expect(code).toBe(1)

    const mended = await session.json('quality --fix')
    expect(placesIn(mended.document)).toEqual({
      lint: ['src/bundles.ts:2'],
      format: [],
      typecheck: ['src/prices.ts:1'],
      test: ['test/bundles.test.ts:5'],
    })
    expect(mended.code).toBe(1)
    const files = treeOf(root)
    expect(files['services/api/src/bundles.ts']).toContain('count === 0')
    expect(files['services/api/src/rows.ts']).toBe("export const rows = ['A', 'B']\n")
    expect(files).toMatchObject(others)
  })

  it('lets each tool speak for itself, and gives its exit code', async () => {
    writeTree(session.folder, faults)
    const check = await session.dev('format --check')
    expect(check.out + check.err).toMatch(/^src\/rows\.ts format/m)
    const lint = await session.dev('lint --fix')
    expect(lint.out + lint.err).toMatch(/^src\/bundles\.ts:2:3 lint\/suspicious\/noDebugger/m)
    const typecheck = await session.dev('typecheck --strict')
    expect(typecheck.out).toContain('src/prices.ts(1,14): error TS2322')
    const test = await session.dev('test -x test/bundles.test.ts')
    expect(test.out + test.err).toContain('test/bundles.test.ts:5:')
    expect([check, lint, typecheck, test].map(({ code }) => code)).toEqual([1, 1, 1, 1])
    expect((await session.dev('format')).code).toBe(0)
    expect(treeOf(root)).toMatchObject(others)
  })

  it('runs the tests that are asked for, also from a folder below', async () => {
    mkdirSync(join(session.folder, 'src/deep'), { recursive: true })
    const { code, out } = await session.dev(
      'test -v -k prices ../../test/app.test.ts --cwd src/deep',
    )
    expect(out).toContain('✓ test/app.test.ts > papers have prices')
    expect(out).not.toContain('papers.test.ts')
    expect(out).not.toContain('\u001b')
    expect(code).toBe(0)
  })

  it('says in one line what it cannot do, and how to get it', async () => {
    const refused = [
      ['test --coverage', 1, /^error Vitest needs another package .*\n.*@vitest\/coverage-v8\n$/],
      ['test -m unit', 1, /^error No test matches -m unit: .*\n$/],
      ['test ../../packages', 2, /^error .*packages.*\n.*\n$/],
      ['serve -w 2', 2, /^error --workers only works.*\n.*\n$/],
      ['typecheck --srtict', 2, /^error: unknown option '--srtict'/],
    ] as const
    for (const [words, code, text] of refused) {
      const said = await run(session.folder, ['dev', ...words.split(' ')])
      expect(said.err, words).toMatch(text)
      expect([said.code, said.out], words).toEqual([code, ''])
    }
  })

  it('serves the member by its own script', async () => {
    const server = await session.serve('/papers')
    let code: number | null = null
    try {
      const [paper] = JSON.parse(await (await fetch(`${server.url}/papers`)).text())
      expect(paper).toEqual({ name: 'Morning Post', price: '2.50 €' })
    } finally {
      code = await server.stop('SIGTERM', 'first')
    }
    expect(code).toBe(143)
    await expect(fetch(server.url)).rejects.toThrow()
  })

  it('shows the tools of the root, and asks no registry for a member', async () => {
    const { document } = await session.json('info')
    expect(document.tools).toMatchObject([
      { task: 'lint', tool: 'Biome', from: '../../package.json' },
      { task: 'format', tool: 'Biome', from: '../../package.json' },
      { task: 'typecheck', tool: 'TypeScript', from: '../../package.json' },
      { task: 'test', tool: 'Vitest', from: '../../package.json' },
    ])
    await startRegistry({ fastify: { latest: '5.12.8', versions: { '5.12.8': undefined } } })
    const deps = await run(session.folder, ['dev', 'deps', '--json'])
    expect(JSON.parse(deps.out).dependencies).toMatchObject([
      { name: '@kiosk/money', source: 'local', installed: '1.0.0' },
      { name: 'fastify', source: 'registry', isOutdated: false },
    ])
    expect(deps.code).toBe(0)
  })

  it('runs programs of the root, and cleans in the member alone', async () => {
    expect((await session.dev('run biome --version')).out).toMatch(/^Version: \d/)
    writeTree(root, { 'coverage/index.html': 'of all', 'services/api/coverage/index.html': '' })
    const dry = await session.dev('clean --dry-run')
    expect(dry.out).toMatch(/^would remove coverage\/ /m)
    expect(dry.out).not.toContain('..')
    expect((await session.dev('clean')).code).toBe(0)
    const files = treeOf(root)
    expect(files).toHaveProperty(['coverage/index.html'])
    expect(files).not.toHaveProperty(['services/api/coverage/index.html'])
  })
})

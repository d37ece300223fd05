import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { resolveTest } from '../../src/dev/test/resolve-test.ts'
import { resolveFormat } from '../../src/dev/tools/resolve-format.ts'
import { resolveLint } from '../../src/dev/tools/resolve-lint.ts'
import { resolveTypecheck } from '../../src/dev/tools/resolve-typecheck.ts'
import { run } from '../support/run.ts'
import { treeOf, writeTree } from '../support/tree.ts'
import { openSession, outcomesIn, placesIn, type Session, servedBy, typed } from './dev-session.ts'

let session: Session
beforeAll(async () => {
  session = await openSession('dev-oxlint-node-test')
})

const faults = {
  'src/weights.ts':
    'export function isHeavy(grams: number): boolean {\n  let limit = 2000\n  debugger\n  return grams > limit\n}\n',
  'src/hops.ts': "export const hops: number = 'three'\n",
  'test/weights.test.ts':
    "import assert from 'node:assert/strict'\nimport { it } from 'node:test'\nimport { isHeavy } from '../src/weights.ts'\n\nit('is not heavy yet', () => {\n  assert.equal(isHeavy(2001), false)\n})\n",
}

afterEach(() => {
  for (const name of Object.keys(faults)) rmSync(join(session.folder, name), { force: true })
})

const files = 'test/app.test.ts test/parcels.test.ts'

describe('oxlint and node:test under tsx', () => {
  it('resolves every command to the words of the project', () => {
    const { facts } = session
    const lint = (options = {}) => typed(resolveLint(facts, options))
    const typecheck = (options = {}) => typed(resolveTypecheck(facts, options))
    const test = (options = {}) => typed(resolveTest(facts, options))
    expect(lint()).toBe('oxlint --deny-warnings')
    expect(lint({ fix: true })).toBe('oxlint --deny-warnings --fix')
    expect(lint({ rest: ['src'] })).toBe('oxlint --deny-warnings src')
    expect(() => resolveFormat(facts)).toThrow('This project has no formatter.')
    expect(typecheck()).toBe('tsc --noEmit')
    expect(typecheck({ strict: true })).toMatch(/^tsc --noEmit --strict --\S/)
    // Node 20 knows no patterns: a shell would have found the files.
    expect(test()).toBe(`tsx --test ${files}`)
    expect(test({ paths: ['test/app.test.ts'] })).toBe('tsx --test test/app.test.ts')
    expect(test({ paths: ['test'] })).toBe(`tsx --test ${files}`)
    expect(test({ keyword: 'a+b' })).toBe(
      `tsx --test-name-pattern=a\\+b --test-reporter=spec --test ${files}`,
    )
    expect(test({ verbose: true })).toBe(`tsx --test-reporter=spec --test ${files}`)
    expect(test({ coverage: true })).toBe(`tsx --experimental-test-coverage --test ${files}`)
    expect(test({ watch: true })).toBe(`tsx --watch --test ${files}`)
    expect(test({ rest: ['--test-only'] })).toBe(`tsx --test-only --test ${files}`)
  })

  it('is served by its scripts', () => {
    const { facts } = session
    expect(servedBy(facts, { port: '3901' })).toEqual({
      words: 'npm run dev',
      env: { PORT: '3901' },
    })
    expect(servedBy(facts, { reload: false }).words).toBe('npm run start')
  })

  it('passes quality as it is, and says how to get a formatter', async () => {
    const before = treeOf(session.folder)
    const { code, out } = await session.dev('quality')
    expect(out).toMatch(/^✓ lint +passed /m)
    expect(out).toMatch(/^- format +skipped$/m)
    expect(out).toMatch(/^✓ typecheck +passed /m)
    expect(out).toMatch(/^✓ test +passed .* 4 passed$/m)
    expect(out).toMatch(
      /^format: This project has no formatter\. .*npm install --save-dev prettier$/m,
    )
    expect(code).toBe(0)
    expect(treeOf(session.folder)).toEqual(before)
  })

  it('has every fault reported in one run, then mended as far as possible', async () => {
    writeTree(session.folder, faults)
    const { code, document } = await session.json('quality')
    expect(placesIn(document)).toEqual({
      lint: ['src/weights.ts:2', 'src/weights.ts:3'],
      format: [],
      typecheck: ['src/hops.ts:1'],
      test: ['test/weights.test.ts:6'],
    })
    expect(outcomesIn(document)).toEqual({
      lint: 'failed',
      format: 'skipped',
      typecheck: 'failed',
      test: 'failed',
    })
    expect(code).toBe(1)

    const mended = await session.dev('quality --fix')
    expect(mended.out).toContain('\n  src/weights.ts:3:3 `debugger` statement is not allowed')
    expect(mended.out).toContain('\n  test/weights.test.ts:6:10 is not heavy yet: ')
    expect(mended.out).toContain('Left: lint, typecheck, test.')
    expect(mended.code).toBe(1)
    expect(treeOf(session.folder)['src/weights.ts']).toContain('  const limit = 2000\n  debugger\n')
  })

  it('lets each tool speak for itself, and gives its exit code', async () => {
    writeTree(session.folder, faults)
    const lint = await session.dev('lint --fix')
    expect(lint.out).toContain('src/weights.ts:3:3')
    expect(lint.out).not.toContain('prefer-const')
    const typecheck = await session.dev('typecheck')
    expect(typecheck.out).toContain('src/hops.ts(1,14): error TS2322')
    const test = await session.dev('test -v test/weights.test.ts')
    expect(test.out).toContain('✖ is not heavy yet')
    expect([lint, typecheck, test].map(({ code }) => code)).toEqual([1, 1, 1])
  })

  it('runs the tests that are asked for, and measures what they cover', async () => {
    const { code, out } = await session.dev('test -k depot --coverage test/parcels.test.ts')
    expect(out).toContain('ℹ pass 1\n')
    expect(out).toMatch(/^ℹ src\/parcels\.ts +\|/m)
    expect(out).not.toContain('the service')
    expect(code).toBe(0)
  })

  it('fails if no test has the name', async () => {
    const { code, err } = await session.dev('test -k nothing-of-the-kind')
    expect(err).toContain('error No test matches -k nothing-of-the-kind.')
    expect(code).toBe(1)
  })

  it('lints only what is named', async () => {
    const { code, out } = await session.dev('lint src/parcels.ts')
    expect(out).toContain('Finished')
    expect(out).toMatch(/on 1 file/)
    expect(code).toBe(0)
  })

  it('says in one line what it cannot do, and how to get it', async () => {
    const refused = [
      ['format', 1, /^error This project has no formatter\.\n.*npm install --save-dev prettier\n$/],
      ['format --check', 1, /^error This project has no formatter\.\n.*prettier\n$/],
      ['lint --watch', 1, /^error oxlint can't watch files\.\n.*nodemon.*\n$/],
      ['test -x', 1, /^error node:test can't stop at the first failure.*\n.*Jest.*\n$/],
      ['test --html', 1, /^error node:test can't write an HTML coverage report.*\n.*c8.*\n$/],
      ['test -m unit', 1, /^error No test matches -m unit: .*\n$/],
      ['test -m slow', 2, /^error Unknown mark: slow\.\n.*unit.*\n$/],
      ['serve -w 2', 2, /^error --workers only works.*\n.*\n$/],
    ] as const
    for (const [words, code, text] of refused) {
      const said = await run(session.folder, ['dev', ...words.split(' ')])
      expect(said.err, words).toMatch(text)
      expect([said.code, said.out], words).toEqual([code, ''])
    }
  })

  it('serves TypeScript, reloading, on the port that was asked for', async () => {
    const server = await session.serve('/parcels/a1')
    try {
      const response = await fetch(`${server.url}/parcels/a1`)
      expect(await response.json()).toEqual({ id: 'a1', place: 'Geneva' })
      const { port } = new URL(server.url)
      const second = await session.dev(`serve -p ${port}`)
      expect(second.err).toMatch(new RegExp(`^error Port ${port} .* is taken by process \\d+`))
      expect(second.code).toBe(1)
    } finally {
      await server.stop('SIGINT', 'group')
    }
    await expect(fetch(server.url)).rejects.toThrow()
  })

  it('shows its tools and runs its programs', async () => {
    const { document } = await session.json('info')
    expect(document.tools.map(({ tool }) => tool)).toEqual([
      'oxlint',
      null,
      'TypeScript',
      'node:test',
    ])
    expect((await session.dev('run tsc --version')).out).toMatch(/^Version \d/)
    expect((await session.dev('clean --dry-run')).out).toBe('Nothing to remove.\n')
  })
})

import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it } from 'vitest'
import { resolveTest } from '../../src/dev/test/resolve-test.ts'
import { resolveFormat } from '../../src/dev/tools/resolve-format.ts'
import { resolveLint } from '../../src/dev/tools/resolve-lint.ts'
import { resolveTypecheck } from '../../src/dev/tools/resolve-typecheck.ts'
import { temporaryFolder, treeOf, writeTree } from '../support/tree.ts'
import {
  openSession,
  outcomesIn,
  placesIn,
  type Session,
  servedBy,
  standIn,
  typed,
} from './dev-session.ts'

let session: Session
beforeAll(async () => {
  session = await openSession('dev-eslint-jest')
})

const faults = {
  'src/aisles.js': 'const aisle = 7\n\nmodule.exports = {}\n',
  'src/refunds.js':
    '/** @param {number} cents */\nfunction refundOf(cents) {\n  let part = cents * 0.9\n  return Math.floor(part)\n}\n\nmodule.exports = { refundOf }\n',
  'src/rows.js': "module.exports = {rows: ['A', 'B']}\n",
  'src/halls.js': "/** @type {number} */\nconst seats = 'forty'\n\nmodule.exports = { seats }\n",
  'test/unit/refunds.test.js':
    "const { refundOf } = require('../../src/refunds.js')\n\nit('pays nine tenths back', () => {\n  expect(refundOf(1000)).toBe(901)\n})\n",
}

afterEach(() => {
  for (const name of [...Object.keys(faults), 'coverage']) {
    rmSync(join(session.folder, name), { recursive: true, force: true })
  }
})

describe('ESLint, Prettier and Jest on pnpm', () => {
  it('resolves every command to the words of the project', () => {
    const { facts } = session
    const lint = (options = {}) => typed(resolveLint(facts, options))
    const format = (options = {}) => typed(resolveFormat(facts, options))
    const typecheck = (options = {}) => typed(resolveTypecheck(facts, options))
    const test = (options = {}) => typed(resolveTest(facts, options))
    expect(facts.packageManager).toBe('pnpm')
    expect(lint()).toBe('eslint . --max-warnings 0')
    expect(lint({ fix: true })).toBe('eslint . --max-warnings 0 --fix')
    expect(lint({ rest: ['--cache'] })).toBe('eslint . --max-warnings 0 --cache')
    expect(format()).toBe('prettier --write .')
    expect(format({ check: true })).toBe('prettier --check .')
    expect(typecheck()).toBe('tsc --noEmit')
    expect(typecheck({ strict: true })).toMatch(/^tsc --noEmit --strict --\S/)
    expect(test()).toBe('jest')
    expect(test({ paths: ['test/unit/seats.test.js'] })).toBe('jest test/unit/seats.test.js')
    expect(test({ marks: ['api', 'unit'] })).toBe('jest test/api/ test/unit/')
    expect(test({ keyword: 'a (b)' })).toBe('jest --testNamePattern=a \\(b\\)')
    expect(test({ failFast: true, verbose: true })).toBe('jest --bail --verbose')
    expect(test({ coverage: true })).toBe('jest --coverage --coverageReporters=text')
    expect(test({ html: true })).toContain('--coverageReporters=html')
    expect(test({ watch: true })).toBe('jest --watchAll')
    expect(test({ rest: ['--ci'] })).toBe('jest --ci')
  })

  it('is served by its scripts', () => {
    const { facts } = session
    expect(servedBy(facts, {})).toEqual({ words: 'pnpm run dev', env: {} })
    expect(servedBy(facts, { port: '3900', host: '0.0.0.0', reload: false })).toEqual({
      words: 'pnpm run start',
      env: { PORT: '3900', HOST: '0.0.0.0' },
    })
  })

  it('passes quality as it is', async () => {
    const before = treeOf(session.folder)
    const { code, document } = await session.json('quality')
    expect(outcomesIn(document)).toEqual({
      lint: 'passed',
      format: 'passed',
      typecheck: 'passed',
      test: 'passed',
    })
    expect(code).toBe(0)
    expect(document.checks[3]).toMatchObject({ command: 'jest', note: '4 passed' })
    expect(treeOf(session.folder)).toEqual(before)
  })

  it('has four faults reported in one run, then mended as far as possible', async () => {
    writeTree(session.folder, faults)
    const { code, out } = await session.dev('quality')
    // Prettier names no line.
    const places = ['aisles.js:1:7', 'refunds.js:3:7', 'rows.js The formatting', 'halls.js:2:7']
    for (const place of places) expect(out).toContain(`\n  src/${place} `)
    expect(out).toContain('\n  test/unit/refunds.test.js:4:26 pays nine tenths back: ')
    expect(out).toMatch(/^✗ test +failed .*1 failed, 4 passed$/m)
    expect(code).toBe(1)

    const mended = await session.json('quality --fix')
    expect(placesIn(mended.document)).toEqual({
      lint: ['src/aisles.js:1'],
      format: [],
      typecheck: ['src/halls.js:2'],
      test: ['test/unit/refunds.test.js:4'],
    })
    expect(outcomesIn(mended.document).format).toBe('passed')
    expect(mended.code).toBe(1)
    const files = treeOf(session.folder)
    expect(files['src/refunds.js']).toContain('  const part = ')
    expect(files['src/rows.js']).toBe("module.exports = { rows: ['A', 'B'] }\n")
  })

  it('lets each tool speak for itself, and gives its exit code', async () => {
    writeTree(session.folder, faults)
    const typecheck = await session.dev('typecheck --strict')
    expect(typecheck.out).toContain('src/halls.js(2,7): error TS2322')
    expect(typecheck.out).toContain('src/aisles.js(1,7): error TS6133')
    const check = await session.dev('format --check')
    expect(check.out + check.err).toContain('src/rows.js\n')
    const lint = await session.dev('lint --fix')
    expect(lint.out).toMatch(/aisles\.js\n +1:7 +error .*no-unused-vars/)
    expect(lint.out).not.toContain('prefer-const')
    const test = await session.dev('test -x test/unit/refunds.test.js')
    expect(test.err).toContain('test/unit/refunds.test.js:4:26')
    expect([typecheck, check, lint, test].map(({ code }) => code)).toEqual([1, 1, 1, 1])
    expect((await session.dev('format')).code).toBe(0)
    expect(treeOf(session.folder)['src/rows.js']).toContain('{ rows: ')
  })

  it('lints only what is named', async () => {
    writeFileSync(join(session.folder, 'src/unused.js'), 'const unused = 1\n')
    const named = await session.dev('lint src/unused.js')
    expect(named.out).toContain('unused.js')
    const other = await session.dev('lint test')
    expect(other.out).not.toContain('unused.js')
    rmSync(join(session.folder, 'src/unused.js'))
    expect([named.code, other.code]).toEqual([1, 0])
  })

  it('runs the tests that are asked for', async () => {
    const marked = await session.dev('test -m api -v')
    expect(marked.err).toContain('✓ lists the free seats')
    expect(marked.err).toContain('Tests:       2 passed, 2 total')
    const named = await session.dev('test -k taken')
    expect(named.err).toContain('Tests:       3 skipped, 1 passed, 4 total')
    expect([marked.code, named.code]).toEqual([0, 0])
    const nameless = await session.dev('test -k nothing-of-the-kind')
    expect(nameless.err).toContain('error No test matches -k nothing-of-the-kind.')
    expect(nameless.code).toBe(1)
    const load = await session.dev('test -m load')
    expect(load).toMatchObject({ code: 1, out: '' })
    expect(load.err).toMatch(/^error No test matches -m load/)
    const nowhere = await session.dev('test test/nowhere.test.js')
    expect(nowhere.err).toContain("test/nowhere.test.js doesn't exist")
    expect(nowhere.code).toBe(2)
  })

  it('measures coverage, prints where the page is, and cleans up', async () => {
    const { code, out } = await session.dev('test --html')
    expect(out).toMatch(/app\.js +\| +100 \|/)
    expect(out).toMatch(/^HTML report: coverage\/index\.html$/m)
    expect(code).toBe(0)
    const page = join(session.folder, 'coverage/index.html')
    expect(readFileSync(page, 'utf8')).toContain('seats.js')
    const dry = await session.dev('clean --dry-run')
    expect(dry.out).toMatch(/^would remove coverage\/ .*\n1 path, .*Nothing was removed\.\n$/)
    expect(existsSync(page)).toBe(true)
    expect((await session.dev('clean')).out).toMatch(/^removed coverage\/ /)
    expect(existsSync(join(session.folder, 'coverage'))).toBe(false)
  })

  it('serves with pnpm, told the port', async () => {
    const log = join(temporaryFolder(), 'words')
    const pnpm = standIn('pnpm', `echo "$@" >> ${log}\nexec npm "$@"`)
    const server = await session.serve('/price', '--no-reload', pnpm)
    try {
      expect(await (await fetch(`${server.url}/price`)).json()).toEqual({ cents: 2500 })
      expect(readFileSync(log, 'utf8')).toBe('run start\n')
    } finally {
      await server.stop('SIGTERM', 'group')
    }
    await expect(fetch(server.url)).rejects.toThrow()
  })

  it('says in one line what it cannot do, and how to get it', async () => {
    const withoutPnpm = await session.dev('serve', { PATH: temporaryFolder() })
    expect(withoutPnpm.err).toMatch(
      /^error pnpm isn't installed.*\n.*(npm install -g|corepack).*\n$/,
    )
    expect(withoutPnpm.code).toBe(1)
    const watch = await session.dev('lint --watch')
    expect(watch.err).toMatch(/^error ESLint can't watch files\.\n.*nodemon.*\n$/)
    expect(watch.code).toBe(1)
    const workers = await session.dev('serve -w 2')
    expect(workers.err).toMatch(/^error --workers only works.*\n.*\n$/)
    expect(workers.code).toBe(2)
    const unknown = await session.dev('lint --loud')
    expect(unknown.err).toContain("unknown option '--loud'")
    expect(unknown.code).toBe(2)
  })

  it('shows its tools and packages, and runs its programs', async () => {
    const { document } = await session.json('info')
    const tools = document.tools.map(({ task, tool }) => [task, tool])
    expect(tools).toEqual([
      ['lint', 'ESLint'],
      ['format', 'Prettier'],
      ['typecheck', 'TypeScript'],
      ['test', 'Jest'],
    ])
    expect(document).toMatchObject({ packageManager: { name: 'pnpm', lockFile: 'pnpm-lock.yaml' } })
    const run = await session.dev('run eslint --print-config src/app.js')
    expect(JSON.parse(run.out).rules).toHaveProperty('prefer-const')
    expect((await session.dev('run prettier --check nowhere.js')).code).toBe(2)
  })
})

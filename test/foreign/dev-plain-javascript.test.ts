import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { factsOf } from '../../src/dev/facts.ts'
import { resolveTest } from '../../src/dev/test/resolve-test.ts'
import { openProject } from '../../src/project/project.ts'
import { startRegistry, useRegistry } from '../support/registry.ts'
import { run } from '../support/run.ts'
import { treeOf, writeTree } from '../support/tree.ts'
import { openSession, outcomesIn, placesIn, type Session, servedBy, typed } from './dev-session.ts'

let session: Session
beforeAll(async () => {
  session = await openSession('dev-plain-javascript')
})

const manifest = () => treeOf(session.folder)['package.json'] ?? ''
const fault = {
  'test/one.test.js':
    "const assert = require('node:assert/strict')\nconst test = require('node:test')\nconst { mean } = require('../lib/mean')\n\ntest('of one is itself', () => {\n  assert.equal(mean([4]), 5)\n})\n",
}

afterEach(() => {
  vi.unstubAllEnvs()
  rmSync(join(session.folder, 'test/one.test.js'), { force: true })
})

describe('plain JavaScript with neither linter, formatter nor TypeScript', () => {
  it('says in one line what is missing, and how to get it', async () => {
    const refused = [
      ['lint', /^error This project has no linter\.\n.*npm install --save-dev \S+\n$/],
      ['lint --fix', /^error This project has no linter\.\n.*npm install --save-dev \S+\n$/],
      ['lint --watch', /^error This project has no linter\.\n.*npm install --save-dev \S+\n$/],
      ['format', /^error This project has no formatter\.\n.*npm install --save-dev prettier\n$/],
      ['format --check', /^error This project has no formatter\.\n.*--save-dev prettier\n$/],
      ['typecheck', /^error This project has no TypeScript\.\n.*--save-dev typescript\n$/],
      ['typecheck --strict', /^error This project has no TypeScript\.\n.*typescript\n$/],
      ['test -x', /^error node:test can't stop at the first failure.*\n.*\n$/],
      ['test --html', /^error node:test can't write an HTML coverage report.*\n.*c8.*\n$/],
      ['test -m integration', /^error No test matches -m integration: .*\n$/],
      ['test lib', /^error No test matches lib: .*\n$/],
    ] as const
    for (const [words, text] of refused) {
      const { code, out, err } = await run(session.folder, ['dev', ...words.split(' ')])
      expect(err, words).toMatch(text)
      expect([code, out], words).toEqual([1, ''])
    }
    const badPort = await run(session.folder, ['dev', 'serve', '-p', 'web'])
    expect(badPort.err).toMatch(/^error --port: "web" isn.t a port\.\n/)
    expect(badPort.code).toBe(2)
  })

  it('resolves tests to those that Node finds', () => {
    const { facts } = session
    const test = (options = {}) => typed(resolveTest(facts, options))
    expect(test()).toBe('node --test')
    expect(test({ paths: ['test'] })).toBe('node --test test/app.test.js test/mean.test.js')
    expect(test({ keyword: 'nothing' })).toBe(
      'node --test-name-pattern=nothing --test-reporter=spec --test',
    )
    expect(test({ coverage: true })).toBe('node --experimental-test-coverage --test')
    expect(test({ verbose: true })).toBe('node --test-reporter=spec --test')
    expect(test({ watch: true })).toBe('node --watch --test')
  })

  it('runs the tests in quality, and skips the rest', async () => {
    const passed = await session.dev('quality')
    expect(passed.out).toMatch(/^✓ test +passed .* 3 passed$/m)
    expect(passed.out.match(/^(lint|format|typecheck): .*npm install --save-dev/gm)).toHaveLength(3)
    expect(passed.code).toBe(0)

    writeTree(session.folder, fault)
    const { code, document } = await session.json('quality --fix')
    expect(outcomesIn(document)).toEqual({
      lint: 'skipped',
      format: 'skipped',
      typecheck: 'skipped',
      test: 'failed',
    })
    expect(placesIn(document).test).toEqual(['test/one.test.js:6'])
    expect(code).toBe(1)
  })

  it('runs the tests that are asked for, and measures what they cover', async () => {
    writeTree(session.folder, fault)
    const all = await session.dev('test')
    expect(all.out).toContain('# pass 3\n# fail 1\n')
    expect(all.code).toBe(1)
    const one = await session.dev('test -v -k nothing --coverage test/mean.test.js')
    expect(one.out).toContain('✔ of nothing is nothing')
    expect(one.out).toMatch(/lib\/mean\.js +\|/)
    expect(one.code).toBe(0)
  })

  it('fails where there is nothing at all to check', async () => {
    const text = manifest()
    writeTree(session.folder, { 'package.json': text.replace('"test": "node --test"', '"x": ""') })
    try {
      const facts = factsOf(await openProject(session.folder))
      expect(() => resolveTest(facts)).toThrow('This project has no test runner.')
      const { code, out } = await run(session.folder, ['dev', 'quality'])
      expect(out).toMatch(/^test: This project has no test runner\. .*npm install --save-dev \S+$/m)
      expect(code).toBe(1)
    } finally {
      writeTree(session.folder, { 'package.json': text })
    }
  })

  it('serves: the entry, watched, or the start script', async () => {
    const { facts } = session
    expect(servedBy(facts, { reload: false }).words).toBe('npm run start')
    expect(servedBy(facts, {}, ['index.js']).words).toBe('node --watch index.js')
    const server = await session.serve('/today')
    try {
      expect(await (await fetch(`${server.url}/today`)).json()).toEqual({ mean: 14 })
    } finally {
      await server.stop('SIGTERM', 'first')
    }
    await expect(fetch(server.url)).rejects.toThrow()
  })

  it('shows what is there, what is missing, and packages', async () => {
    const info = await session.dev('info')
    expect(info.out).toMatch(/^lint +none: npm install --save-dev /m)
    expect(info.out).toMatch(/^test +node:test \(script test\)$/m)
    await startRegistry({
      fastify: { latest: '6.0.0', versions: { '5.12.8': undefined, '6.0.0': undefined } },
    })
    const deps = await run(session.folder, ['dev', 'deps', '--json'])
    expect(JSON.parse(deps.out).dependencies).toMatchObject([
      { name: 'fastify', installed: '5.12.8', wanted: '5.12.8', latest: '6.0.0', isOutdated: true },
    ])
    expect(deps.code).toBe(0)
    useRegistry('http://127.0.0.1:1/')
    const offline = await run(session.folder, ['dev', 'deps'])
    expect(offline.out).toMatch(/^fastify +5\.12\.8 /m)
    expect(offline.err).toMatch(/^error The registry doesn't answer: .*$/m)
    expect(offline.code).toBe(1)
  })

  it('runs programs, and cleans nothing that is not a leftover', async () => {
    const product = await session.dev('run node -p 6*7')
    expect(product).toMatchObject({ code: 0, out: '42\n' })
    expect((await session.dev('run node -e process.exitCode=7')).code).toBe(7)
    const missing = await session.dev('run prettier .')
    expect(missing.err).toMatch(/^error prettier was found neither.*\n.*\n$/)
    expect(missing.code).toBe(1)
    const before = treeOf(session.folder)
    expect((await session.dev('clean')).out).toBe('Nothing to remove.\n')
    expect(treeOf(session.folder)).toEqual(before)
  })
})

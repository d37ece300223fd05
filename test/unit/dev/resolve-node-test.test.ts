import { describe, expect, it } from 'vitest'
import { resolveTest, type TestOptions } from '../../../src/dev/test/resolve-test.ts'
import { foreignFacts } from '../../support/facts.ts'
import { resolvedWith } from '../../support/resolved.ts'

const resolved = resolvedWith(resolveTest)

const sources =
  'tests/unit/a.test.js src/orders/unit/b.test.js tests/api/c.test.js tests/api/help.js lib/load/x.js'

describe('dev test with node:test', () => {
  it.each<[string, TestOptions, string]>([
    ['node --test', {}, 'node --test'],
    ['node --test tests/*/*.test.js', {}, 'node --test tests/api/c.test.js tests/unit/a.test.js'],
    [
      'node --test',
      { marks: ['unit'] },
      'node --test src/orders/unit/b.test.js tests/unit/a.test.js',
    ],
    [
      'node --test tests/*/*.test.js',
      { paths: ['tests/unit'] },
      'node --test tests/unit/a.test.js',
    ],
    ['node --test', { paths: ['tests/api/help.js'] }, 'node --test tests/api/help.js'],
    [
      'node --test',
      { keyword: 'a.b' },
      "node '--test-name-pattern=a\\.b' --test-reporter=spec --test",
    ],
    [
      'node --test-reporter=dot --test',
      { keyword: 'a' },
      'node --test-name-pattern=a --test-reporter=dot --test',
    ],
    ['node --test x.js', { coverage: true }, 'node --experimental-test-coverage --test x.js'],
    ['node --test x.js', { verbose: true }, 'node --test-reporter=spec --test x.js'],
    ['node --test x.js', { watch: true }, 'node --watch --test x.js'],
    ['node --test x.js', { rest: ['--test-only'] }, 'node --test-only --test x.js'],
    ['node --test x.js', { rest: ['y.js'] }, 'node --test x.js y.js'],
    ['node --import tsx --test x.ts', { paths: ['y.ts'] }, 'node --import tsx --test y.ts'],
    ['tsx --test x.ts', { paths: ['y.ts'] }, 'tsx --test y.ts'],
    ['node --test', { paths: ['y.ts'] }, 'node --import tsx --test y.ts'],
    ['tsc && node --test dist', {}, 'npm run --silent test'],
    ['tsc && node --test dist', { rest: ['x.js'] }, 'npm run --silent test -- x.js'],
  ])('in the script %s with %o', (test, options, expected) => {
    expect(resolved(foreignFacts({ dev: 'tsx', sources, scripts: { test } }), options)).toBe(
      expected,
    )
  })

  it.each<[string, TestOptions, object]>([
    [
      'node --test',
      { failFast: true },
      { code: 'UNSUPPORTED', hint: expect.stringContaining('Vitest') },
    ],
    ['node --test', { html: true }, { code: 'UNSUPPORTED', hint: expect.stringContaining('c8') }],
    [
      'node --test',
      { paths: ['docs'] },
      { code: 'NO_TESTS', message: 'No test matches docs: it contains no test files.' },
    ],
    [
      'tsc && node --test dist',
      { keyword: 'a b' },
      {
        code: 'UNSUPPORTED',
        message: 'The script "test" does more than run node --test: "tsc && node --test dist".',
        hint: "Run it by hand: create-service dev run node --test '--test-name-pattern=a b' --test-reporter=spec",
      },
    ],
  ])('says what it cannot do in the script %s with %o', (test, options, error) => {
    expect(() => resolveTest(foreignFacts({ sources, scripts: { test } }), options)).toThrow(
      expect.objectContaining(error),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { resolveTest, type TestOptions } from '../../../src/dev/test/resolve-test.ts'
import { foreignFacts } from '../../support/facts.ts'
import { resolvedWith } from '../../support/resolved.ts'

const resolved = resolvedWith(resolveTest)

const sources =
  'tests/unit/a.test.js src/orders/unit/b.test.js tests/api/c.test.js tests/api/help.js lib/load/x.js'

describe('dev test anywhere', () => {
  it('says where it has looked for the tests of a mark', () => {
    const facts = foreignFacts({ dev: 'jest', sources })
    expect(() => resolveTest(facts, { marks: ['load'] })).toThrow(
      expect.objectContaining({
        code: 'NO_TESTS',
        message:
          'No test matches -m load: no files in test/load, tests/load, __tests__/load, src/**/load.',
      }),
    )
  })

  it('says that a path has no tests of the mark', () => {
    const facts = foreignFacts({ dev: 'jest', sources })
    expect(() => resolveTest(facts, { marks: ['api'], paths: ['src'] })).toThrow(
      expect.objectContaining({ code: 'NO_TESTS', message: 'No test matches -m api in src.' }),
    )
  })

  it('runs the script of another runner', () => {
    const facts = foreignFacts({ packageManager: 'pnpm', scripts: { test: 'mocha' } })
    expect(resolved(facts, { rest: ['--bail'] })).toBe('pnpm run --silent test --bail')
  })

  it.each<[TestOptions, string]>([
    [{ paths: ['x'] }, 'a path'],
    [{ marks: ['unit'] }, '-m'],
    [{ coverage: true }, '--coverage'],
    [{ html: true }, '--html'],
    [{ keyword: 'x' }, '-k'],
    [{ failFast: true }, '-x'],
    [{ verbose: true }, '-v'],
    [{ watch: true }, '--watch'],
  ])('says of another runner that %o is not known', (options, flag) => {
    const facts = foreignFacts({ scripts: { test: 'mocha -r x' } })
    expect(() => resolveTest(facts, options)).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED',
        message: `The script "test" runs "mocha -r x", and create-service doesn't know how to pass ${flag} to it.`,
      }),
    )
  })

  it('says that there is no test runner', () => {
    expect(() => resolveTest(foreignFacts())).toThrow(expect.objectContaining({ code: 'NO_TOOL' }))
  })
})

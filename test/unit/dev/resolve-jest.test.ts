import { describe, expect, it } from 'vitest'
import { resolveTest, type TestOptions } from '../../../src/dev/test/resolve-test.ts'
import { foreignFacts } from '../../support/facts.ts'
import { resolvedWith, type Text } from '../../support/resolved.ts'

const resolved = resolvedWith(resolveTest)

const sources =
  'tests/unit/a.test.js src/orders/unit/b.test.js tests/api/c.test.js tests/api/help.js lib/load/x.js'

describe('dev test with Jest', () => {
  const report = '--coverage --coverageReporters=text'

  it.each<[Text, TestOptions, string]>([
    [{}, {}, 'jest'],
    [{}, { marks: ['unit'] }, 'jest src/orders/unit/ tests/unit/'],
    [{}, { paths: ['tests/api/c.test.js'] }, 'jest tests/api/c.test.js'],
    [{}, { paths: ['tests/[id]'] }, "jest 'tests/\\[id\\]/'"],
    [{}, { coverage: true }, `jest ${report}`],
    [{}, { html: true }, `jest ${report} --coverageReporters=html --coverageDirectory=coverage`],
    [{}, { coverage: true, marks: ['api'] }, `jest tests/api/ ${report} '--coverageThreshold={}'`],
    [{}, { keyword: 'a (b)' }, "jest '--testNamePattern=a \\(b\\)'"],
    [{}, { failFast: true }, 'jest --bail'],
    [{}, { verbose: true }, 'jest --verbose'],
    [{}, { watch: true }, 'jest --watchAll'],
    [{ names: '.git' }, { watch: true }, 'jest --watch'],
    [{ above: [{ names: '.git' }] }, { watch: true }, 'jest --watch'],
    [{}, { failFast: true, rest: ['-w=1'] }, 'jest --bail -w=1'],
    [
      { scripts: { test: 'jest --config x.js' } },
      { verbose: true },
      'jest --config x.js --verbose',
    ],
    [
      { scripts: { test: 'jest --config x.js a' } },
      { paths: ['tests/api'] },
      'jest tests/api/ --config x.js',
    ],
    [{ scripts: { test: 'jest -i a' } }, { paths: ['tests/api'] }, 'jest tests/api/ -i'],
    ...['--no-watchman', '--runTestsByPath', '--log-heap-usage', '-u', '--maxWorkers=2'].map(
      (flag): [Text, TestOptions, string] => [
        { scripts: { test: `jest ${flag} a` } },
        { paths: ['tests/api'] },
        `jest tests/api/ ${flag}`,
      ],
    ),
    [{ scripts: { test: 'jest -w 2 a' } }, { paths: ['tests/api'] }, 'jest tests/api/ -w 2'],
    [{ scripts: { test: 'jest --watch' } }, {}, 'jest'],
    [
      { scripts: { test: 'NODE_OPTIONS=--experimental-vm-modules jest' } },
      { failFast: true },
      'npm run --silent test -- --bail',
    ],
    [
      { scripts: { test: 'node --experimental-vm-modules node_modules/jest/bin/jest.js' } },
      {},
      'npm run --silent test',
    ],
  ])('of %o with %o', (text, options, expected) => {
    expect(resolved(foreignFacts({ dev: 'jest', sources, ...text }), options)).toBe(expected)
  })

  it('says that a longer script chooses its own tests', () => {
    const facts = foreignFacts({ scripts: { test: 'tsc && jest dist' } })
    expect(() => resolveTest(facts, { paths: ['dist/x.test.js'] })).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED',
        message: 'The script "test" chooses its own tests: "tsc && jest dist".',
        hint: 'Run others with: create-service dev run jest dist/x.test.js',
      }),
    )
  })
})

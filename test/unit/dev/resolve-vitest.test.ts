import { describe, expect, it } from 'vitest'
import { resolveTest, type TestOptions } from '../../../src/dev/test/resolve-test.ts'
import { foreignFacts, serviceFacts } from '../../support/facts.ts'
import { resolvedWith, type Text } from '../../support/resolved.ts'

const resolved = resolvedWith(resolveTest)

const usual = '--project default'
const serviceSources =
  'test/unit/a.test.ts test/unit/db/b.test.ts test/api/c.test.ts test/integration/d.test.ts test/load/e.test.ts'
const coverage = '--coverage.enabled=true --coverage.reporter=text'
const html = '--coverage.reporter=html --coverage.reportsDirectory=coverage'

describe('dev test in a service', () => {
  it.each<[TestOptions, string]>([
    [{}, `vitest run ${usual}`],
    [{ marks: ['unit'] }, `vitest run test/unit/ ${usual}`],
    [{ marks: ['unit', 'api'] }, `vitest run test/unit/ test/api/ ${usual}`],
    [{ marks: ['load'] }, 'vitest run test/load/ --project load'],
    [{ marks: ['unit', 'load'] }, `vitest run test/unit/ test/load/ ${usual} --project load`],
    [{ paths: ['test/unit/a.test.ts'] }, `vitest run test/unit/a.test.ts ${usual}`],
    [{ paths: ['test/unit/db'] }, `vitest run test/unit/db/ ${usual}`],
    [{ paths: ['test'] }, `vitest run test/ ${usual}`],
    [{ paths: ['test/load'] }, `vitest run test/load/ ${usual} --project load`],
    [
      { paths: ['test/load/e.test.ts', 'test/unit'] },
      `vitest run test/load/e.test.ts test/unit/ ${usual} --project load`,
    ],
    [{ paths: ['test/unit'], marks: ['unit'] }, `vitest run test/unit/ ${usual}`],
    [{ paths: ['test/unit/db'], marks: ['unit'] }, `vitest run test/unit/db/ ${usual}`],
    [{ paths: ['test'], marks: ['unit'] }, `vitest run test/unit/ ${usual}`],
    [{ coverage: true }, `vitest run ${usual} ${coverage}`],
    [{ html: true }, `vitest run ${usual} ${coverage} ${html}`],
    [{ coverage: true, html: true }, `vitest run ${usual} ${coverage} ${html}`],
    [
      { coverage: true, marks: ['unit'] },
      `vitest run test/unit/ ${usual} ${coverage} --coverage.thresholds=false`,
    ],
    [
      { coverage: true, paths: ['test/api'] },
      `vitest run test/api/ ${usual} ${coverage} --coverage.thresholds=false`,
    ],
    [
      { coverage: true, keyword: 'x' },
      `vitest run ${usual} --testNamePattern=x ${coverage} --coverage.thresholds=false`,
    ],
    [{ keyword: 'GET /x?a=(1)' }, `vitest run ${usual} '--testNamePattern=GET /x\\?a=\\(1\\)'`],
    [{ failFast: true }, `vitest run ${usual} --bail=1`],
    [{ verbose: true }, `vitest run ${usual} --reporter=verbose`],
    [{ watch: true }, `vitest watch ${usual}`],
    [
      { failFast: true, rest: ['--sequence.shuffle'] },
      `vitest run ${usual} --bail=1 --sequence.shuffle`,
    ],
  ])('with %o', (options, expected) => {
    expect(resolved(serviceFacts({ sources: serviceSources }), options)).toBe(expected)
  })

  it.each<[TestOptions, string]>([
    [{ marks: ['chaos'] }, 'No test matches -m chaos: there is no *.test.ts in test/chaos.'],
    [
      { marks: ['unit', 'chaos'] },
      'No test matches -m chaos: there is no *.test.ts in test/chaos.',
    ],
    [{ paths: ['test/chaos'] }, 'No test matches -m chaos: there is no *.test.ts in test/chaos.'],
    [{ paths: ['test/api'], marks: ['unit'] }, 'No test matches -m unit in test/api.'],
  ])('says that there are no tests with %o', (options, message) => {
    const facts = serviceFacts({ sources: `${serviceSources} test/chaos/notes.md` })
    expect(() => resolveTest(facts, options)).toThrow(
      expect.objectContaining({ code: 'NO_TESTS', message, exitCode: 1 }),
    )
  })
})

const sources =
  'tests/unit/a.test.js src/orders/unit/b.test.js tests/api/c.test.js tests/api/help.js lib/load/x.js'

describe('dev test with a Vitest of somebody else', () => {
  const dev = 'vitest @vitest/coverage-istanbul'

  it.each<[Text, TestOptions, string]>([
    [{}, {}, 'vitest run'],
    [{}, { marks: ['unit'] }, 'vitest run src/orders/unit/ tests/unit/'],
    [{}, { marks: ['unit'], paths: ['tests'] }, 'vitest run tests/unit/'],
    [{}, { paths: ['tests/api/c.test.js'] }, 'vitest run tests/api/c.test.js'],
    [{}, { coverage: true }, `vitest run ${coverage}`],
    [{}, { html: true }, `vitest run ${coverage} ${html}`],
    [
      {},
      { coverage: true, keyword: 'x' },
      `vitest run --testNamePattern=x ${coverage} --coverage.thresholds=false`,
    ],
    [{}, { failFast: true, verbose: true }, 'vitest run --bail=1 --reporter=verbose'],
    [{}, { watch: true }, 'vitest watch'],
    [{}, { rest: ['--shard=1/2'] }, 'vitest run --shard=1/2'],
    [{ scripts: { test: 'vitest' } }, {}, 'vitest run'],
    [{ scripts: { test: 'vitest run -c x.ts tests/api' } }, {}, 'vitest run -c x.ts tests/api'],
    [
      { scripts: { test: 'vitest run -c x.ts tests/api' } },
      { paths: ['tests/unit'] },
      'vitest run tests/unit/ -c x.ts',
    ],
    ...[
      ['--no-threads', '--pass-with-no-tests'],
      ['--reporter=dot', '--typecheck.enabled', '--logHeapUsage'],
    ].map((flags): [Text, TestOptions, string] => [
      { scripts: { test: `vitest run ${flags.join(' ')} src` } },
      { paths: ['tests/unit'] },
      `vitest run tests/unit/ ${flags.join(' ')}`,
    ]),
    [{ scripts: { test: 'vitest --watch --globals' } }, {}, 'vitest run --globals'],
    [{ scripts: { test: 'vitest run --globals' } }, { watch: true }, 'vitest watch --globals'],
    [
      { scripts: { test: 'tsc && vitest run' } },
      { failFast: true, paths: ['tests/api'] },
      'npm run --silent test -- tests/api --bail=1',
    ],
    [{ scripts: { test: 'vitest run | cat' } }, { failFast: true }, 'vitest run --bail=1'],
    [{ scripts: { test: 'turbo test' } }, {}, 'npm run --silent test'],
    [{ scripts: { test: 'turbo test' } }, { verbose: true }, 'vitest run --reporter=verbose'],
  ])('of %o with %o', (text, options, expected) => {
    expect(resolved(foreignFacts({ dev, sources, ...text }), options)).toBe(expected)
  })

  it('says which package measures coverage', () => {
    expect(() => resolveTest(foreignFacts({ dev: 'vitest' }), { coverage: true })).toThrow(
      expect.objectContaining({
        code: 'UNSUPPORTED',
        hint: 'Add it: npm install --save-dev @vitest/coverage-v8',
      }),
    )
  })
})

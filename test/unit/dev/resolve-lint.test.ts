import { describe, expect, it } from 'vitest'
import { type LintOptions, resolveLint } from '../../../src/dev/tools/resolve-lint.ts'
import { foreignFacts, root, serviceFacts } from '../../support/facts.ts'
import { resolvedWith, type Text } from '../../support/resolved.ts'

const resolved = resolvedWith(resolveLint)

describe('dev lint', () => {
  it.each<[LintOptions, string]>([
    [{}, 'biome check --formatter-enabled=false --error-on-warnings'],
    [{ fix: true }, 'biome check --formatter-enabled=false --error-on-warnings --write'],
    [{ watch: true }, 'biome check --formatter-enabled=false --error-on-warnings --watch'],
    [
      { rest: ['--max-diagnostics=5', 'src'] },
      'biome check --formatter-enabled=false --error-on-warnings --max-diagnostics=5 src',
    ],
  ])('in a service with %o', (options, expected) => {
    expect(resolved(serviceFacts(), options)).toBe(expected)
  })

  it.each<[Text, LintOptions, string]>([
    [{ dev: 'eslint' }, {}, 'eslint src/app.ts'],
    [{ dev: 'eslint' }, { fix: true }, 'eslint --fix src/app.ts'],
    [{ dev: 'oxlint' }, {}, 'oxlint src/app.ts'],
    [{ dev: '@biomejs/biome' }, {}, 'biome lint src/app.ts'],
    [{ dev: '@biomejs/biome' }, { watch: true }, 'biome lint --watch src/app.ts'],
    [{ scripts: { lint: 'eslint src test --ext .ts' } }, {}, 'eslint --ext .ts src/app.ts'],
    [{ scripts: { lint: 'eslint --cache --quiet .' } }, {}, 'eslint --cache --quiet src/app.ts'],
    [
      { scripts: { lint: 'oxlint --react-plugin -D all .' } },
      {},
      'oxlint --react-plugin -D all src/app.ts',
    ],
    [
      { scripts: { lint: 'biome check --error-on-warnings .' } },
      {},
      'biome check --error-on-warnings src/app.ts',
    ],
    [{ scripts: { lint: 'tsc && eslint .' } }, {}, 'eslint src/app.ts'],
  ])('of %o with %o lints only the path that is named', (text, options, expected) => {
    expect(resolved(foreignFacts(text), { paths: ['src/app.ts'], ...options })).toBe(expected)
  })

  it('lints only the path that is named in a service', () => {
    expect(resolved(serviceFacts(), { paths: ['src/app.ts', 'test'], fix: true })).toBe(
      'biome check --formatter-enabled=false --error-on-warnings --write src/app.ts test',
    )
  })

  it('hands no path to a linter that it does not know', () => {
    const facts = foreignFacts({ scripts: { lint: 'standard' } })
    expect(() => resolveLint(facts, { paths: ['src'] })).toThrow(
      expect.objectContaining({ code: 'UNSUPPORTED', message: expect.stringContaining('a path') }),
    )
  })

  it('works in the root of the project', () => {
    expect(resolveLint(serviceFacts()).cwd).toBe(root)
  })

  it.each<[Text, LintOptions, string]>([
    [{ dev: 'eslint' }, {}, 'eslint .'],
    [{ dev: 'eslint' }, { fix: true }, 'eslint . --fix'],
    [{ dev: 'eslint' }, { rest: ['--quiet'] }, 'eslint . --quiet'],
    [{ dev: 'oxlint' }, {}, 'oxlint'],
    [{ dev: 'oxlint' }, { fix: true }, 'oxlint --fix'],
    [{ dev: '@biomejs/biome' }, {}, 'biome lint .'],
    [{ dev: '@biomejs/biome' }, { fix: true }, 'biome lint . --write'],
    [{ dev: '@biomejs/biome' }, { watch: true }, 'biome lint . --watch'],
  ])('of %o with %o', (text, options, expected) => {
    expect(resolved(foreignFacts(text), options)).toBe(expected)
  })

  it.each<[string, LintOptions, string]>([
    ['eslint src --ext .ts', {}, 'eslint src --ext .ts'],
    ['eslint src --ext .ts', { fix: true }, 'eslint src --ext .ts --fix'],
    ['eslint src --fix', { fix: true }, 'eslint src --fix'],
    ['eslint "src/**/*.ts"', { rest: ['--quiet'] }, "eslint 'src/**/*.ts' --quiet"],
    ['oxlint -D all', { fix: true }, 'oxlint -D all --fix'],
    ['biome ci src', {}, 'biome ci src'],
    ['biome ci src', { fix: true }, 'biome check src --write'],
    // Words that write, or never end, only where that is asked for.
    ['eslint --fix .', {}, 'eslint .'],
    ['eslint --fix-dry-run --fix-type layout .', {}, 'eslint .'],
    ['eslint . --fix --fix-type=layout', {}, 'eslint .'],
    ['eslint . --fix --fix-type layout', { fix: true }, 'eslint . --fix --fix-type layout'],
    ['eslint --fix .', { rest: ['--fix'] }, 'eslint . --fix'],
    ['oxlint --fix --fix-suggestions', {}, 'oxlint'],
    ['biome check --write --unsafe .', {}, 'biome check .'],
    ['biome check --write --unsafe .', { fix: true }, 'biome check --write --unsafe .'],
    ['biome check --fix .', { fix: true }, 'biome check --fix .'],
    ['biome check --apply .', {}, 'biome check .'],
    ['biome lint --watch src', {}, 'biome lint src'],
    ['eslint --fix src && prettier --check .', {}, 'eslint src'],
    ['tsc && eslint --fix src', { fix: true }, 'npm run --silent lint'],
    ['eslint src && prettier --write .', {}, 'eslint src'],
    ['eslint --fix $DIR', {}, 'eslint .'],
    // More than the linter: the whole script, or its command of the linter.
    ['eslint . && prettier --check .', {}, 'npm run --silent lint'],
    ['eslint src && prettier --check .', { fix: true }, 'eslint src --fix'],
    ['tsc && eslint src', { fix: true }, 'npm run --silent lint -- --fix'],
    ['DEBUG=x eslint src', { fix: true }, 'npm run --silent lint -- --fix'],
    ['eslint $DIR', { rest: ['--quiet'] }, 'npm run --silent lint -- --quiet'],
    ['eslint . | tee log', { fix: true }, 'eslint . --fix'],
    ['turbo lint', {}, 'npm run --silent lint'],
    ['turbo lint', { fix: true }, 'eslint . --fix'],
    ['create-service dev lint', {}, 'eslint .'],
    // Another linter.
    ['xo', {}, 'npm run --silent lint'],
    ['xo', { rest: ['--quiet'] }, 'npm run --silent lint -- --quiet'],
  ])('follows the script %s with %o', (lint, options, expected) => {
    expect(resolved(foreignFacts({ dev: 'eslint', scripts: { lint } }), options)).toBe(expected)
  })

  it('runs what a package manager runs before the script', () => {
    const scripts = { prelint: 'node generate.js', lint: 'eslint src' }
    expect(resolved(foreignFacts({ scripts }), { fix: true })).toBe(
      'npm run --silent lint -- --fix',
    )
  })

  it.each([
    ['pnpm', 'pnpm run --silent lint --quiet'],
    ['yarn', 'yarn run --silent lint --quiet'],
    ['bun', 'bun run --silent lint --quiet'],
  ] as const)('runs the script with %s', (packageManager, expected) => {
    const facts = foreignFacts({ packageManager, scripts: { lint: 'xo' } })
    expect(resolved(facts, { rest: ['--quiet'] })).toBe(expected)
  })

  it.each<[Text, LintOptions, object]>([
    [{}, {}, { code: 'NO_TOOL', message: 'This project has no linter.' }],
    [
      { dev: 'eslint' },
      { watch: true },
      {
        code: 'UNSUPPORTED',
        message: "ESLint can't watch files.",
        hint: 'Run it with a watcher: npx nodemon --ext js,ts --exec "create-service dev lint"',
      },
    ],
    [
      { dev: '@biomejs/biome' },
      { watch: true, fix: true },
      { exitCode: 2, message: 'Biome fixes nothing while it watches.' },
    ],
    [
      { dev: 'oxlint' },
      { watch: true, fix: true },
      { hint: expect.stringContaining('"create-service dev lint --fix"') },
    ],
    [
      { scripts: { lint: 'eslint a && eslint b' } },
      { fix: true },
      {
        code: 'UNSUPPORTED',
        message: 'The script "lint" runs its tool more than once: "eslint a && eslint b".',
      },
    ],
    [
      { scripts: { lint: 'xo' } },
      { fix: true },
      {
        code: 'UNSUPPORTED',
        message:
          'The script "lint" runs "xo", and create-service doesn\'t know how to pass --fix to it.',
        hint: 'Pass its own flag after --: create-service dev lint -- <flag>',
      },
    ],
  ])('says what is missing in %o with %o', (text, options, error) => {
    expect(() => resolveLint(foreignFacts(text), options)).toThrow(expect.objectContaining(error))
  })
})

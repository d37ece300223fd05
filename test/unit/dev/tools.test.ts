import { describe, expect, it } from 'vitest'
import { toolFor, toolsOf } from '../../../src/dev/tools/tools.ts'
import { foreignFacts, serviceFacts } from '../../support/facts.ts'

type Text = NonNullable<Parameters<typeof foreignFacts>[0]>

/** The tools in short: what and where, or how to get one. */
function found(text: Text) {
  return toolsOf(foreignFacts(text)).map(({ tool, from, hint }) =>
    tool === undefined ? hint : `${tool} (${from})`,
  )
}

const none = [
  'npm install --save-dev @biomejs/biome',
  'npm install --save-dev prettier',
  'npm install --save-dev typescript',
  'npm install --save-dev vitest',
]

/** What is expected of one task; of the others that they are missing. */
function only(at: number, tool: string) {
  return none.map((hint, index) => (index === at ? tool : hint))
}

describe('the tools of a project', () => {
  it('are those of this program in a service', () => {
    expect(toolsOf(serviceFacts())).toEqual([
      { task: 'lint', tool: 'Biome', from: 'devDependencies', hint: undefined },
      { task: 'format', tool: 'Biome', from: 'devDependencies', hint: undefined },
      { task: 'typecheck', tool: 'TypeScript', from: 'devDependencies', hint: undefined },
      { task: 'test', tool: 'Vitest', from: 'devDependencies', hint: undefined },
    ])
  })

  it.each<[string, number, Text, string]>([
    ['eslint', 0, { dev: 'eslint' }, 'ESLint (devDependencies)'],
    ['oxlint', 0, { dev: 'oxlint' }, 'oxlint (devDependencies)'],
    ['prettier', 1, { dev: 'prettier' }, 'Prettier (devDependencies)'],
    ['oxfmt', 1, { dev: 'oxfmt' }, 'oxfmt (devDependencies)'],
    ['typescript', 2, { dev: 'typescript' }, 'TypeScript (devDependencies)'],
    ['vitest', 3, { dev: 'vitest' }, 'Vitest (devDependencies)'],
    ['jest', 3, { dev: 'jest' }, 'Jest (devDependencies)'],
    ['a dependency', 0, { dependencies: { eslint: '*' } }, 'ESLint (dependencies)'],
    ['a peer', 3, { peerDependencies: { jest: '*' } }, 'Jest (peerDependencies)'],
    ['node:test', 3, { scripts: { test: 'node --test' } }, 'node:test (script test)'],
    ['tsx --test', 3, { scripts: { test: 'tsx --test x.ts' } }, 'node:test (script test)'],
    [
      'a loader',
      3,
      { scripts: { test: 'tsc && node --import tsx --test' } },
      'node:test (script test)',
    ],
    ['a flat config', 0, { names: 'eslint.config.mjs' }, 'ESLint (eslint.config.mjs)'],
    ['an old config', 0, { names: '.eslintrc.json' }, 'ESLint (.eslintrc.json)'],
    ['a config', 0, { names: '.oxlintrc.json' }, 'oxlint (.oxlintrc.json)'],
    ['a config', 1, { names: '.prettierrc' }, 'Prettier (.prettierrc)'],
    ['a config', 3, { names: 'jest.config.ts' }, 'Jest (jest.config.ts)'],
    ['a config', 3, { names: 'vitest.config.mts' }, 'Vitest (vitest.config.mts)'],
    ['a folder above', 0, { above: [{ dev: 'eslint' }] }, 'ESLint (../package.json)'],
    ['two above', 0, { above: [{}, { dev: 'oxlint' }] }, 'oxlint (../../package.json)'],
    [
      'a config above',
      1,
      { above: [{ names: '.prettierrc.yaml' }] },
      'Prettier (../.prettierrc.yaml)',
    ],
    ['another tool', 3, { scripts: { test: 'mocha -r x' } }, 'mocha (script test)'],
    ['another tool', 0, { scripts: { lint: 'standard' } }, 'standard (script lint)'],
    ['a shell', 3, { scripts: { test: './check.sh | cat' } }, './check.sh (script test)'],
  ])('are found by %s', (_what, at, text, tool) => {
    expect(found(text)).toEqual(only(at, tool))
  })

  it('are Biome for both of its tasks', () => {
    expect(found({ names: 'biome.jsonc' }).slice(0, 2)).toEqual([
      'Biome (biome.jsonc)',
      'Biome (biome.jsonc)',
    ])
  })

  it.each<[string, Text, string]>([
    ['a script', { dev: 'eslint oxlint', scripts: { lint: 'oxlint src' } }, 'oxlint'],
    ['a longer script', { dev: 'eslint oxlint', scripts: { lint: 'a && oxlint .' } }, 'oxlint'],
    [
      'a path in a script',
      { dev: 'oxlint', scripts: { lint: 'node_modules/.bin/eslint' } },
      'ESLint',
    ],
    ['a configuration', { dev: 'eslint oxlint', names: '.oxlintrc.json' }, 'oxlint'],
    ['the order', { dev: 'oxlint eslint' }, 'ESLint'],
    [
      'the nearer folder',
      { dev: 'oxlint', above: [{ dev: 'eslint', names: 'eslint.config.js' }] },
      'oxlint',
    ],
    ['a script of a stranger', { dev: 'eslint', scripts: { lint: 'xo' } }, 'xo'],
    [
      'no script that only runs others',
      { dev: 'eslint', scripts: { lint: 'turbo lint' } },
      'ESLint',
    ],
    [
      'no script that comes back here',
      { dev: 'eslint', scripts: { lint: 'create-service dev lint' } },
      'ESLint',
    ],
    ['no word like it', { dev: 'eslint', scripts: { lint: 'npm run oxlint:all' } }, 'ESLint'],
  ])('of two are chosen by %s', (_by, text, tool) => {
    expect(toolFor(foreignFacts(text), 'lint').name).toBe(tool)
  })

  it('are not the test script that npm writes', () => {
    const scripts = { test: 'echo "Error: no test specified" && exit 1' }
    expect(found({ scripts })).toEqual(none)
  })

  it.each([
    ['npm', 'npm install --save-dev vitest'],
    ['pnpm', 'pnpm add -D vitest'],
    ['yarn', 'yarn add -D vitest'],
    ['bun', 'bun add -d vitest'],
  ] as const)('say how to get them with %s', (packageManager, hint) => {
    expect(toolsOf(foreignFacts({ packageManager }))[3]?.hint).toBe(hint)
  })

  it.each([
    ['lint', 'This project has no linter.', '@biomejs/biome'],
    ['format', 'This project has no formatter.', 'prettier'],
    ['typecheck', 'This project has no TypeScript.', 'typescript'],
    ['test', 'This project has no test runner.', 'vitest'],
  ] as const)('are missing: %s', (task, message, suggested) => {
    expect(() => toolFor(foreignFacts(), task)).toThrow(
      expect.objectContaining({
        code: 'NO_TOOL',
        message,
        hint: `Add one, for example: npm install --save-dev ${suggested}`,
        exitCode: 1,
      }),
    )
  })
})

/** What the project's own tools do for it. */
export const tasks = ['lint', 'format', 'typecheck', 'test'] as const
export type Task = (typeof tasks)[number]

export type ToolId =
  | 'biome'
  | 'eslint'
  | 'oxlint'
  | 'prettier'
  | 'oxfmt'
  | 'tsc'
  | 'vitest'
  | 'jest'
  | 'node:test'

/** A tool that this program can lead, and how a project shows that it has it. */
export interface ToolKind {
  readonly id: ToolId
  /** As people write it. */
  readonly name: string
  readonly tasks: readonly Task[]
  readonly program: string
  /** The package that provides it; Node has its own test runner. */
  readonly dependency?: string
  /** Names of its configuration files. */
  readonly config?: RegExp
  /** Its flags that take no value, so that a word after one is a path. */
  readonly switches: readonly string[]
}

/** Of several in one package.json those with a configuration come first, then the order here decides. */
export const toolKinds: readonly ToolKind[] = [
  {
    id: 'biome',
    name: 'Biome',
    tasks: ['lint', 'format'],
    program: 'biome',
    dependency: '@biomejs/biome',
    config: /^\.?biome\.jsonc?$/,
    switches: [
      ...['lint', 'check', 'ci', 'format', '--write', '--fix', '--unsafe', '--apply', '--watch'],
      ...['--apply-unsafe', '--error-on-warnings', '--skip-errors', '--skip-parse-errors'],
      ...['--staged', '--changed', '--verbose', '--use-server', '--suppress'],
    ],
  },
  {
    id: 'eslint',
    name: 'ESLint',
    tasks: ['lint'],
    program: 'eslint',
    dependency: 'eslint',
    config: /^(eslint\.config\.[cm]?[jt]s|\.eslintrc(\.\w+)?)$/,
    switches: [
      ...['--fix', '--fix-dry-run', '--quiet', '--cache', '--color', '--debug', '--stats'],
      ...['--report-unused-disable-directives', '--exit-on-fatal-error', '--suppress-all'],
      ...['--prune-suppressions', '--pass-on-unpruned-suppressions', '--pass-on-no-patterns'],
    ],
  },
  {
    id: 'oxlint',
    name: 'oxlint',
    tasks: ['lint'],
    program: 'oxlint',
    dependency: 'oxlint',
    config: /^(\.oxlintrc\.jsonc?|oxlint\.config\.[cm]?[jt]s)$/,
    switches: [
      ...['--fix', '--fix-suggestions', '--fix-dangerously', '--quiet', '--silent'],
      ...['--deny-warnings', '--type-aware', '--type-check', '--disable-nested-config'],
      ...['--report-unused-disable-directives', '--disable-unicorn-plugin'],
      ...['--disable-oxc-plugin', '--disable-typescript-plugin', '--import-plugin'],
      ...['--react-plugin', '--jsdoc-plugin', '--jest-plugin', '--vitest-plugin'],
      ...['--jsx-a11y-plugin', '--nextjs-plugin', '--react-perf-plugin', '--promise-plugin'],
      ...['--node-plugin', '--vue-plugin'],
    ],
  },
  {
    id: 'prettier',
    name: 'Prettier',
    tasks: ['format'],
    program: 'prettier',
    dependency: 'prettier',
    config: /^(\.prettierrc(\.\w+)?|prettier\.config\.[cm]?[jt]s)$/,
    switches: [],
  },
  {
    id: 'oxfmt',
    name: 'oxfmt',
    tasks: ['format'],
    program: 'oxfmt',
    dependency: 'oxfmt',
    config: /^\.oxfmtrc\.jsonc?$/,
    switches: [],
  },
  {
    id: 'tsc',
    name: 'TypeScript',
    tasks: ['typecheck'],
    program: 'tsc',
    dependency: 'typescript',
    switches: [],
  },
  {
    id: 'vitest',
    name: 'Vitest',
    tasks: ['test'],
    program: 'vitest',
    dependency: 'vitest',
    config: /^vitest\.(config|workspace)\.\w+$/,
    switches: [
      ...['run', 'watch', 'dev', '--run', '--watch', '-w', '--coverage', '--coverage.enabled'],
      ...['--globals', '--ui', '--open', '--silent', '--passWithNoTests', '--fileParallelism'],
      ...['--isolate', '--dom', '--hideSkippedTests', '--logHeapUsage', '--detectAsyncLeaks'],
      ...['--allowOnly', '--dangerouslyIgnoreUnhandledErrors', '--expandSnapshotDiff', '--color'],
      ...['--disableConsoleIntercept', '--typecheck', '--typecheck.enabled', '--typecheck.only'],
      ...['--printConsoleTrace', '--includeTaskLocation', '--clearScreen', '--standalone'],
      ...['--clearCache', '--strictTags', '--browser.enabled', '--browser.headless'],
      ...['--sequence.shuffle', '--sequence.shuffle.files', '--sequence.shuffle.tests'],
      ...['--sequence.concurrent', '--coverage.all', '--coverage.clean', '--threads'],
    ],
  },
  {
    id: 'jest',
    name: 'Jest',
    tasks: ['test'],
    program: 'jest',
    dependency: 'jest',
    config: /^jest\.config\.\w+$/,
    switches: [
      ...['--ci', '-i', '--runInBand', '--coverage', '--verbose', '--silent', '--watch'],
      ...['--watchAll', '--forceExit', '--detectOpenHandles', '--passWithNoTests', '--cache'],
      ...['--all', '--automock', '-b', '--bail', '--changedFilesWithAncestor', '--clearCache'],
      ...['--clearMocks', '--collectCoverage', '--color', '--colors', '--debug', '--detectLeaks'],
      ...['-e', '--expand', '--errorOnDeprecated', '--injectGlobals', '--json', '--lastCommit'],
      ...['--listTests', '--logHeapUsage', '--noStackTrace', '--notify', '-o', '--onlyChanged'],
      ...['-f', '--onlyFailures', '--randomize', '--resetMocks', '--resetModules'],
      ...['--restoreMocks', '--runTestsByPath', '--showConfig', '--showSeed', '--skipFilter'],
      ...['--testLocationInResults', '-u', '--updateSnapshot', '--useStderr', '--watchman'],
      ...['--workerThreads', '--waitForUnhandledRejections'],
    ],
  },
  {
    id: 'node:test',
    name: 'node:test',
    tasks: ['test'],
    program: 'node',
    switches: ['--test', '--watch', '--enable-source-maps', '--test-only'],
  },
]

/** What to add to a project that has nothing for a task. */
export const suggested: Readonly<Record<Task, string>> = {
  lint: '@biomejs/biome',
  format: 'prettier',
  typecheck: 'typescript',
  test: 'vitest',
}

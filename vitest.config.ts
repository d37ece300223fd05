import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/*
 * `npm test` runs the projects called quick, which cover every area in a few minutes.
 * `npm run test:full` runs those called full: what takes longer, and property tests once more with
 * many more runs.
 */

/** Produced trees, projects that tests copy, and tests that run inside a produced service. */
const notRunHere = ['test/golden/**', 'test/edits/*/**', 'test/fixtures/**', 'test/service/**']

/** Installs, tests and serves a service: the one end-to-end test of a quick run. */
const firstService = 'test/e2e/first-service.test.ts'

/** Minutes of killed processes, of the tools of large projects, and of packages to install. */
const long = [
  'test/faults/sigkill.test.ts',
  'test/foreign/compilers.test.ts',
  'test/foreign/dev-eslint-jest.test.ts',
  'test/foreign/dev-monorepo.test.ts',
]

/** These ask what their process has loaded, so they cannot share one. */
const ownProcess = [
  'test/laws/fresh.test.ts',
  'test/unit/edits/lazy.test.ts',
  'test/unit/edits/plain-lines.test.ts',
  'test/unit/system/watch-failure.test.ts',
]

/** Tests that do more in a full run: those that import `support/effort.ts`. */
const scaled = readdirSync(join(import.meta.dirname, 'test'), { recursive: true, encoding: 'utf8' })
  .map((name) => join('test', name))
  .filter((name) => name.endsWith('.test.ts') && !/^test\/(golden|fixtures|service)\//.test(name))
  .filter((name) => readFileSync(join(import.meta.dirname, name), 'utf8').includes('/effort.ts'))

/** Starts the longest projects first, and keeps together the files that can share a process. */
class Sequencer extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const order = [
      'quick:e2e',
      'quick:own-process',
      'quick',
      'full:e2e',
      'full:own-process',
      'full',
    ]
    const rankOf = ({ project }: TestSpecification) => order.indexOf(project.name)
    return (await super.sort(files)).toSorted((a, b) => rankOf(a) - rankOf(b))
  }
}

/** Only to report what hangs: no machine is so slow that a test takes ten minutes. */
const hangingMs = 10 * 60_000
const timeouts = { testTimeout: hangingMs, hookTimeout: hangingMs }
const setupFiles = 'test/support/file-setup.ts'
const inProcess = { ...timeouts, setupFiles, env: { CREATE_SERVICE_CACHE: 'off' } }

export default defineConfig({
  test: {
    globalSetup: 'test/support/run-setup.ts',
    maxWorkers: '100%',
    sequence: { sequencer: Sequencer },
    projects: [
      {
        test: {
          ...inProcess,
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: [...notRunHere, 'test/e2e/**', ...long, ...ownProcess],
          // A worker keeps what it has loaded, so tests clean up after themselves.
          isolate: false,
          provide: { effort: 'quick' },
        },
      },
      {
        test: {
          ...inProcess,
          name: 'quick:own-process',
          include: ownProcess,
          provide: { effort: 'quick' },
        },
      },
      {
        test: {
          ...timeouts,
          name: 'quick:e2e',
          include: [firstService],
          setupFiles,
          provide: { effort: 'quick' },
        },
      },
      {
        test: {
          ...inProcess,
          name: 'full',
          include: [...scaled, ...long],
          exclude: ownProcess,
          isolate: false,
          provide: { effort: 'full' },
        },
      },
      {
        test: {
          ...inProcess,
          name: 'full:own-process',
          include: scaled.filter((file) => ownProcess.includes(file)),
          provide: { effort: 'full' },
        },
      },
      {
        test: {
          ...timeouts,
          name: 'full:e2e',
          include: ['test/e2e/**/*.test.ts'],
          exclude: [firstService],
          setupFiles,
          globalSetup: 'test/support/service-setup.ts',
          provide: { effort: 'full' },
        },
      },
    ],
  },
})

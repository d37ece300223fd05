import { defineConfig } from 'vitest/config'

/** A folder of tests is a mark; `npm test` leaves out load and chaos. */
const marks = ['unit', 'api', 'integration', 'load', 'chaos']

/** Marks whose tests may start the service as a process of its own, from `dist-test/`. */
const built = ['integration', 'load', 'chaos']

/** Marks whose figures and faults want the machine for themselves: one file at a time. */
const alone = ['load', 'chaos']

export default defineConfig({
  test: {
    // A worker keeps what it has loaded: tests clean up after themselves.
    isolate: false,
    testTimeout: 30_000,
    hookTimeout: 30_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // These run in processes of their own.
      exclude: ['src/server.ts', 'src/cluster.ts', 'src/http/shutdown.ts', 'src/cli/main.ts'],
      thresholds: { lines: 90 },
    },
    projects: marks.map((name) => ({
      extends: true as const,
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        fileParallelism: !alone.includes(name),
        globalSetup: built.includes(name) ? ['test/support/build.ts'] : [],
      },
    })),
  },
})

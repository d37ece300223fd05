import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** A folder of tests is a mark; `npm test` leaves out load and chaos. */
const marks = ['unit', 'api', 'integration', 'load', 'chaos']

/** Marks whose tests start the service as a process, from `dist-test/`. */
const built = ['integration', 'load', 'chaos']

/** Marks whose measurements and faults need the machine: one file at a time. */
const alone = ['load', 'chaos']

export default defineConfig({
  test: {
    // A worker keeps what it has loaded: tests clean up after themselves.
    isolate: false,
    // By default Vitest leaves a core idle. Each worker needs up to 800 MB, for an embedded database.
    maxWorkers: Math.min(availableParallelism(), 4),
    testTimeout: 30_000,
    hookTimeout: 30_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // These run in other processes.
      exclude: ['src/server.ts', 'src/cluster.ts', 'src/http/shutdown.ts', 'src/cli/main.ts'],
      thresholds: { lines: 90 },
    },
    projects: marks.map((name) => ({
      extends: true as const,
      test: {
        name,
        include: [`test/${name}/**/*.test.ts`],
        fileParallelism: !alone.includes(name),
        // Those come last when a run has both kinds.
        sequence: { groupOrder: alone.includes(name) ? 1 : 0 },
        globalSetup: built.includes(name) ? ['test/support/build.ts'] : [],
      },
    })),
  },
})

import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'

/** The folders of each project: `npm test` runs `default`. */
const folders = { default: '{unit,api,integration}', load: 'load', chaos: 'chaos' }

export default defineConfig({
  test: {
    // A worker keeps what it has loaded: tests clean up after themselves.
    isolate: false,
    // By default Vitest leaves a core idle. Each worker needs up to 800 MB, for an embedded database.
    maxWorkers: Math.min(availableParallelism(), 4),
    // Only to report what hangs: a busy machine may take this long to create the first database.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // These run in other processes.
      exclude: ['src/server.ts', 'src/cluster.ts', 'src/http/shutdown.ts', 'src/cli/main.ts'],
      // Without a server its tests are skipped.
      thresholds: { lines: process.env.DATABASE_URL && process.env.REDIS_URL ? 90 : 85 },
    },
    projects: Object.entries(folders).map(([name, folder]) => ({
      extends: true as const,
      test: {
        name,
        include: [`test/${folder}/**/*.test.ts`],
        // Load and chaos tests need the machine: one file at a time, after the others.
        fileParallelism: name === 'default',
        sequence: { groupOrder: name === 'default' ? 0 : 1 },
        globalSetup: ['test/support/build.ts'],
      },
    })),
  },
})

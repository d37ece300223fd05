import { join } from 'node:path'
import { defineConfig } from 'vitest/config'
import service from '../../vitest.config.ts'

/*
 * Runs these tests in a service that they were copied into, with the settings of its own tests:
 * npx vitest run --config test/service/vitest.config.ts [area]
 */

const { projects: _projects, coverage: _coverage, ...settings } = service.test ?? {}

export default defineConfig({
  root: join(import.meta.dirname, '../..'),
  test: {
    ...settings,
    include: ['test/service/**/*.test.ts'],
    // Builds the service, for tests that start it as a process.
    globalSetup: ['test/support/build.ts'],
    // Only to report what hangs: a slow machine fails no test.
    testTimeout: 300_000,
    hookTimeout: 300_000,
  },
})

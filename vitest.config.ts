import { defineConfig } from 'vitest/config'

const produced = ['test/golden/**', 'test/edits/*/**']
// Minutes of killed processes, for themselves so that the fast tests stay fast.
const kills = 'test/faults/sigkill.test.ts'

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: [...produced, 'test/fixtures/**', 'test/e2e/**', kills],
          testTimeout: 20_000,
          env: { CREATE_SERVICE_CACHE: 'off' },
        },
      },
      { test: { name: 'kills', include: [kills] } },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          globalSetup: 'test/support/installed-service.ts',
        },
      },
    ],
  },
})

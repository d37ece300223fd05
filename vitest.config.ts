import { defineConfig } from 'vitest/config'

const produced = ['test/golden/**', 'test/edits/*/**']

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'fast',
          include: ['test/**/*.test.ts'],
          exclude: [...produced, 'test/fixtures/**', 'test/e2e/**'],
          testTimeout: 20_000,
        },
      },
      { test: { name: 'e2e', include: ['test/e2e/**/*.test.ts'] } },
    ],
  },
})

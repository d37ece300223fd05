const app = { build: { plugins: [
  A
] } } satisfies Config

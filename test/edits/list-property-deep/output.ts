const app = { build: { plugins: [
  A,
  C
] } } satisfies Config

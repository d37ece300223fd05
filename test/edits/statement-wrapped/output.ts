export const plugins = fp(async (app) => {
  foo()
  await app.register(u)
}, { name: 'plugins' }) satisfies P

export const plugins = fp(async (app) => {
  foo()
}, { name: 'plugins' }) satisfies P

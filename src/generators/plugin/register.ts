/** The columns of a line in a produced service, less the indentation of a function's body. */
const room = 98

/** `await app.register(name)`, or with a prefix, as Biome would lay it out in a function's body. */
export function registerStatement(name: string, prefix?: string): string {
  if (prefix === undefined) return `await app.register(${name})`
  const line = `await app.register(${name}, { prefix: '${prefix}' })`
  return line.length <= room ? line : `await app.register(${name}, {\n  prefix: '${prefix}',\n})`
}

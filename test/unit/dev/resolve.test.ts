import { describe, expect, it } from 'vitest'
import { resolveQuality, resolveServe } from '../../../src/dev/resolve.ts'

describe('resolveServe', () => {
  const words = (options: Parameters<typeof resolveServe>[1]) => {
    const { program, args, env } = resolveServe('/app', options)
    return { line: [program, ...args].join(' '), env }
  }

  it.each([
    [{}, 'tsx watch --clear-screen=false src/server.ts', {}],
    [{ reload: false }, 'tsx src/server.ts', {}],
    [{ port: '80', reload: false }, 'tsx src/server.ts', { PORT: '80' }],
    [{ host: '::', reload: false }, 'tsx src/server.ts', { HOST: '::' }],
  ])('%j', (options, line, env) => {
    expect(words(options)).toEqual({ line, env })
  })
})

describe('resolveQuality', () => {
  it('is the four checks, in the order in which they are read', () => {
    const lines = resolveQuality('/app').map(({ name, command }) => [
      name,
      [command.program, ...command.args].join(' '),
    ])
    expect(lines).toEqual([
      ['lint', 'biome check --formatter-enabled=false --error-on-warnings'],
      ['format', 'biome format'],
      ['typecheck', 'tsc --noEmit'],
      ['test', 'vitest run --project unit --project api --project integration'],
    ])
  })
})

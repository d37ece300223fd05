import { describe, expect, it } from 'vitest'
import { callingManager, installCommand } from '../../../src/project/package-manager.ts'

describe('callingManager', () => {
  it.each([
    ['pnpm/10.1.0 npm/? node/v20.20.2 linux x64', 'pnpm'],
    ['yarn/4.0.0 npm/? node/v20.20.2', 'yarn'],
    ['bun/1.2.0 npm/? node/v20', 'bun'],
    ['npm/11.1.0 node/v20.20.2', 'npm'],
    [undefined, 'npm'],
    ['strange', 'npm'],
  ])('reads %j', (agent, manager) => {
    expect(callingManager(agent)).toBe(manager)
  })

  it('installs with it', () => {
    expect(installCommand('pnpm', '/app')).toEqual({
      program: 'pnpm',
      args: ['install'],
      cwd: '/app',
    })
  })
})

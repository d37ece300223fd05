import { describe, expect, it } from 'vitest'
import { resolveCreate } from '../../../src/options/create.ts'
import { packageName } from '../../../src/options/package-name.ts'

const facts = {
  cwd: '/work',
  shellFolder: '/work',
  year: '2026',
  packageManager: 'npm',
  toolSpec: () => '1.0.0',
} as const

describe('resolveCreate', () => {
  it('fills in what was not said', () => {
    expect(resolveCreate({ dir: 'my-app' }, facts)).toEqual({
      root: '/work/my-app',
      way: ['cd my-app'],
      preset: 'standard',
      features: [],
      without: [],
      answers: {
        name: 'my-app',
        description: 'A Fastify service',
        license: 'UNLICENSED',
        packageManager: 'npm',
        year: '2026',
      },
      install: true,
      git: true,
      start: false,
      port: undefined,
      tool: '1.0.0',
    })
  })

  it('starts from minimal when features are named, in a flag or in an answer', () => {
    expect(resolveCreate({ dir: 'a', features: 'x, y' }, facts)).toMatchObject({
      preset: 'minimal',
      features: ['x', 'y'],
    })
    expect(resolveCreate({ dir: 'a', features: [] }, facts)).toMatchObject({ preset: 'minimal' })
    expect(resolveCreate({ dir: 'a', features: 'x', preset: 'standard' }, facts)).toMatchObject({
      preset: 'standard',
      features: ['x'],
    })
  })

  it('refuses to start what is not installed', () => {
    expect(() => resolveCreate({ dir: 'a', start: true, install: false }, facts)).toThrow(/--start/)
  })

  it('refuses a description of several lines', () => {
    expect(() => resolveCreate({ dir: 'a', description: 'a\nb' }, facts)).toThrow(/control/)
  })
})

describe('packageName', () => {
  it.each(['a', 'my-app', 'a.b', 'x1', 'a'.repeat(63)])('takes %s', (name) => {
    expect(packageName(name)).toBe(name)
  })

  it.each([
    ['', 'my-app'],
    ['My App', 'my-app'],
    ['1st', 'st'],
    ['_x', 'x'],
    ['a--b', 'a-b'],
    ['a'.repeat(64), 'a'.repeat(63)],
    ['node_modules', 'node-modules'],
    ['@scope/x', 'scope-x'],
  ])('refuses %j and suggests %s', (name, suggestion) => {
    expect(() => packageName(name)).toThrow(
      expect.objectContaining({
        exitCode: 2,
        hint: expect.stringContaining(`--name ${suggestion}.`),
      }),
    )
  })
})

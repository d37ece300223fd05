import { describe, expect, it } from 'vitest'
import { overrideEdit } from '../../../src/plan/overrides.ts'

const override = { dependent: '@a/b', dependency: 'c', version: '^1.0.0' }

describe('overrideEdit', () => {
  it('has the form that each package manager wants', () => {
    expect(overrideEdit(override, 'npm')).toMatchObject({
      path: 'package.json',
      op: { path: ['overrides', '@a/b'], value: { c: '^1.0.0' } },
    })
    expect(overrideEdit(override, 'yarn')).toMatchObject({
      op: { path: ['resolutions', '@a/b/c'], value: '^1.0.0' },
    })
    expect(overrideEdit(override, 'bun')).toMatchObject({
      op: { path: ['overrides', 'c'], value: '^1.0.0' },
    })
    expect(overrideEdit(override, 'pnpm')).toMatchObject({
      path: 'pnpm-workspace.yaml',
      op: { path: ['overrides', '@a/b>c'], block: "'@a/b>c': ^1.0.0\n" },
    })
  })
})

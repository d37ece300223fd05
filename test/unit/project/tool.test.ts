import { relative, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { toolSpec } from '../../../src/project/tool.ts'

const checkout = resolve(import.meta.dirname, '../../..')

describe('toolSpec', () => {
  it('refers to a checkout by a relative path', () => {
    expect(toolSpec('/work', '/work/my-app', undefined)).toBe(
      `file:${relative('/work/my-app', checkout)}`,
    )
  })

  it.each([
    ['./tool.tgz', 'file:../tool.tgz'],
    ['file:tool.tgz', 'file:../tool.tgz'],
    ['/work/tool.tgz', 'file:../tool.tgz'],
    ['1.2.3', '1.2.3'],
    ['npm:other@1', 'npm:other@1'],
  ])('takes %s as %s', (asked, spec) => {
    expect(toolSpec('/work', '/work/my-app', asked)).toBe(spec)
  })
})

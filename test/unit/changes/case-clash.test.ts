import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { preflight } from '../../../src/changes/preflight.ts'
import type { FileChange } from '../../../src/model/change.ts'
import { temporaryFolder, writeTree } from '../../support/tree.ts'

const create = (path: string): FileChange => ({ kind: 'create', path, after: '' })

function refusals(paths: readonly string[]): readonly string[] {
  const root = temporaryFolder()
  writeTree(root, { 'src/users.ts': '', 'src/resources/orders/order.ts': '' })
  mkdirSync(join(root, 'src/both'))
  writeTree(root, { 'src/both/a.ts': '', 'src/both/A.ts': '' })
  return preflight(root, paths.map(create)).map(({ code, message }) => `${code} ${message}`)
}

describe('a name that differs from another in case alone', () => {
  it.each([
    [['src/Users.ts'], /^FILE_EXISTS src\/Users\.ts differs from src\/users\.ts /],
    [['src/Resources/a.ts'], /differs from src\/resources /],
    [['src/resources/Orders/b.ts'], /differs from src\/resources\/orders /],
    [['new/x.ts', 'new/X.ts'], /new\/X\.ts differs from new\/x\.ts /],
    [['New/x.ts', 'new/y.ts'], /new\/y\.ts differs from New /],
    [['src/U\u0308.ts', 'src/\u00fc.ts'], /differs from/],
  ])('%j is refused', (paths, message) => {
    expect(refusals(paths)).toEqual([expect.stringMatching(message)])
  })

  it.each([[['src/users2.ts', 'src/other/x.ts']], [['src/both/A.ts']], [['src/users.ts']]])(
    '%j is none',
    (paths) => {
      expect(refusals(paths)).toEqual([])
    },
  )
})

describe('what stands in the way of a change', () => {
  it('may be a file where the records belong', () => {
    const root = temporaryFolder()
    writeTree(root, { '.create-service': '' })
    expect(preflight(root, [create('a.ts')])).toMatchObject([{ code: 'FILE_EXISTS' }])
    expect(preflight(root, [])).toEqual([])
  })
})

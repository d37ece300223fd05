import { describe, expect, it } from 'vitest'
import { ChangeSet } from '../../../src/changes/change-set.ts'
import { unifiedDiff } from '../../../src/changes/diff.ts'
import type { Disk } from '../../../src/model/change.ts'

function diskWith(files: Readonly<Record<string, string>>): Disk {
  return {
    namesIn: () => [],
    read: (path) => {
      const text = files[path]
      return text === undefined ? undefined : { path, text, sha256: text, mode: 0o644 }
    },
  }
}

describe('a change set', () => {
  it('reads what it wrote over what the disk has', () => {
    const changes = new ChangeSet(diskWith({ a: '1', b: '2' }))
    changes.write('a', 'one')
    changes.remove('b')
    expect([changes.read('a'), changes.read('b'), changes.read('c')]).toEqual([
      'one',
      undefined,
      undefined,
    ])
  })

  it('lists creations, updates and deletions by path', () => {
    const changes = new ChangeSet(diskWith({ b: '2', c: '3' }))
    changes.write('d/e', 'new')
    changes.write('c', 'three')
    changes.remove('b')
    expect(changes.changes().map(({ kind, path }) => `${kind} ${path}`)).toEqual([
      'delete b',
      'update c',
      'create d/e',
    ])
  })

  it('forgets a write that equals the disk, and a removal of nothing', () => {
    const changes = new ChangeSet(diskWith({ a: '1' }))
    changes.write('a', 'one')
    changes.write('a', '1')
    changes.remove('nothing')
    expect(changes.changes()).toEqual([])
  })

  it.each(['../a', 'a/../../b', '/etc/passwd', '..'])('refuses %s', (path) => {
    const changes = new ChangeSet(diskWith({}))
    expect(() => changes.write(path, '')).toThrow(/outside/)
  })
})

describe('unifiedDiff', () => {
  it('is what patch reads', () => {
    expect(unifiedDiff({ kind: 'create', path: 'a', after: 'x\n' })).toBe(
      '--- /dev/null\n+++ b/a\n@@ -0,0 +1,1 @@\n+x\n',
    )
    const before = { path: 'a', text: 'x\n', sha256: '', mode: 0 }
    expect(unifiedDiff({ kind: 'delete', path: 'a', before })).toContain('+++ /dev/null\n')
    expect(unifiedDiff({ kind: 'update', path: 'a', before, after: 'x' })).toContain(
      '\\ No newline at end of file',
    )
  })
})

import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { git, identity, useGitSettings } from '../../support/git.ts'
import { ran } from '../../support/run.ts'
import { temporaryFolder } from '../../support/tree.ts'

afterEach(() => vi.unstubAllEnvs())

async function createIn(parent: string): Promise<string> {
  await ran(parent, ['./my-app', '--preset', 'minimal', '--no-install', '--tool', '0.1.0'])
  return join(parent, 'my-app')
}

describe('create', () => {
  it('makes a repository with one commit of everything', async () => {
    useGitSettings(identity)
    const root = await createIn(temporaryFolder())
    expect(git(root, 'log', '--format=%an %s')).toBe('Somebody Create my-app\n')
    expect(git(root, 'status', '--porcelain')).toBe('')
    expect(git(root, 'ls-files')).toContain('.create-service/manifest')
  })

  it('only warns when the first commit fails', async () => {
    const hooks = temporaryFolder()
    writeFileSync(join(hooks, 'pre-commit'), '#!/bin/sh\necho "no commits here" >&2\nexit 1\n', {
      mode: 0o755,
    })
    const settings = [
      `${identity}[core]\n  hooksPath = ${hooks}\n`,
      `${identity}[commit]\n  gpgSign = true\n[gpg]\n  program = ${join(hooks, 'missing')}\n`,
    ]
    for (const each of settings) {
      useGitSettings(each)
      const parent = temporaryFolder()
      const words = ['./my-app', '--preset', 'minimal', '--no-install', '--tool', '0.1.0']
      const { out, err } = await ran(parent, words)
      expect(err).toMatch(/! The first commit failed: .*git add -A && git commit/s)
      expect(out).toContain('Next:')
      expect(existsSync(join(parent, 'my-app/package.json'))).toBe(true)
    }
  })

  it('makes none without a name for the commit', async () => {
    useGitSettings('')
    expect(existsSync(join(await createIn(temporaryFolder()), '.git'))).toBe(false)
  })

  it('makes none inside a repository', async () => {
    useGitSettings(identity)
    const parent = temporaryFolder()
    git(parent, 'init', '-q')
    expect(existsSync(join(await createIn(parent), '.git'))).toBe(false)
    expect(() => git(parent, 'log')).toThrow()
  })
})

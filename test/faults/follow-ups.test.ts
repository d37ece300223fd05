import { chmodSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { runFollowUps } from '../../src/project/follow-ups.ts'
import { run } from '../support/run.ts'
import { temporaryFolder, treeOf, writeTree } from '../support/tree.ts'

afterEach(() => vi.unstubAllEnvs())

const words = ['./my-app', '--preset', 'minimal', '--no-git', '--tool', '0.1.0']

/** Puts a package manager of our own before all others. */
function npmThat(script: string): void {
  const folder = temporaryFolder()
  writeTree(folder, { npm: `#!/bin/sh\n${script}\n` })
  chmodSync(join(folder, 'npm'), 0o755)
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`)
}

describe('the install after create', () => {
  it('runs in the new folder', async () => {
    npmThat('echo "$@" > called')
    const parent = temporaryFolder()
    const { code, out } = await run(parent, words)
    expect(code).toBe(0)
    expect(out).toContain('Done')
    expect(readFileSync(join(parent, 'my-app/called'), 'utf8')).toBe('install\n')
  })

  it('may fail: the files stay, and the command to repeat is printed', async () => {
    npmThat('exit 7')
    const parent = temporaryFolder()
    const { code, out, err } = await run(parent, [...words, '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({ outcome: 'failed', followUps: [{ done: false }] })
    expect(out).toMatch(/npm install failed with exit code 7\./)
    expect(err).not.toMatch(/^\s+at /m)
    expect(treeOf(parent)).toHaveProperty(['my-app/package.json'])
  })

  it.each([
    ['fails', [], ['cd ./my-app', 'npm install', 'npx create-service dev serve']],
    [
      'fails before a start',
      ['--start'],
      ['cd ./my-app', 'npm install', 'npx create-service dev serve'],
    ],
  ])('that %s leaves the next steps, with the install among them', async (_, more, steps) => {
    npmThat('exit 7')
    const { code, out, err } = await run(temporaryFolder(), [...words, ...more])
    expect(code).toBe(1)
    expect(err).toContain('npm install failed with exit code 7. The files are written.')
    expect(out).toContain(`Next:\n${steps.map((line) => `  ${line}\n`).join('')}`)
  })

  it('may be missing', async () => {
    const { code, err } = await run(temporaryFolder(), [...words, '--package-manager', 'bun'])
    expect(code).toBe(1)
    expect(err).toContain('bun was not found')
  })
})

describe('runFollowUps', () => {
  it('ends the child on Ctrl-C and says 130', async () => {
    const command = { program: 'sh', args: ['-c', 'sleep 60; true'], cwd: temporaryFolder() }
    const running = runFollowUps([{ kind: 'install', command }], () => {})
    setTimeout(() => process.emit('SIGINT', 'SIGINT'), 250)
    expect(await running).toMatchObject([{ done: false, exitCode: 130 }])
  })
})

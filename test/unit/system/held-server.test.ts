import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it, vi } from 'vitest'
import { holdServer } from '../../../src/system/server-process.ts'
import { processesOf } from '../../support/terminal.ts'
import { temporaryFolder, writeTree } from '../../support/tree.ts'

/* Real processes that wait before their own code. */

const server = `import { writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { mark } from 'pack'
writeFileSync('ran', String(mark))
createServer().listen(0, '127.0.0.1')
`
const pack = `import { writeFileSync } from 'node:fs'
writeFileSync('loaded', String(process.pid))
export const mark = 'pack'
`

function project(code = pack) {
  const cwd = temporaryFolder()
  writeTree(cwd, {
    'dist/server.mjs': server,
    'node_modules/pack/package.json':
      '{"exports":{"import":"./index.mjs","require":"./never.cjs"},"version":"1.0.0"}',
    'node_modules/pack/index.mjs': code,
  })
  const file = join(cwd, 'dist/server.mjs')
  const held = { file, packages: ['pack', 'missing'] }
  const is = (name: string) => existsSync(join(cwd, name))
  const hold = () => holdServer({ program: 'node', args: [file], cwd }, held)
  return { cwd, held, is, hold }
}

const settings = { timeout: 60_000, interval: 20 }

describe('a process that is held', () => {
  it('loads packages as its own code will, and runs that when it is told so', async () => {
    const { cwd, is, hold } = project()
    const held = hold()
    await vi.waitFor(() => expect(is('loaded')).toBe(true), settings)
    expect(is('ran')).toBe(false)
    const running = held.start()
    expect(await running?.listening).toMatchObject({ host: '127.0.0.1' })
    expect(readFileSync(join(cwd, 'ran'), 'utf8')).toBe('pack')
    const loaded = await running?.loaded()
    const ends = ['dist/server.mjs', 'node_modules/pack/index.mjs']
    for (const end of ends)
      expect(
        loaded?.some((url) => url.endsWith(end)),
        end,
      ).toBe(true)
    running?.stop('SIGTERM')
    expect(await held.ended).toBe(143)
  })

  it('goes on at once, also while a package still loads', async () => {
    const { is, hold } = project(`${pack}await new Promise((go) => setTimeout(go, 200))\n`)
    const running = hold().start()
    await running?.listening
    expect(is('ran')).toBe(true)
    running?.kill('SIGKILL')
    await running?.ended
  })

  it.each([
    ['throws', "throw new Error('no')\n", true],
    ['ends the process', 'process.exit(3)\n', false],
  ])('outlives a package that %s where that can be', async (_name, code, lives) => {
    const { is, hold } = project(pack + code)
    const held = hold()
    await vi.waitFor(() => expect(is('loaded')).toBe(true), settings)
    if (!lives) expect(await held.ended).toBe(3)
    expect(held.start() !== undefined).toBe(lives)
    expect(await held.ended).toBe(lives ? 1 : 3)
  })

  it('ends when it is discarded, and starts no more', async () => {
    const { is, hold } = project()
    const held = hold()
    held.discard()
    expect(await held.ended).toBe(137)
    expect([held.start(), is('ran')]).toEqual([undefined, false])
  })

  it.skipIf(process.platform !== 'linux').each([
    ['once it waits', true],
    ['before any of its code runs', false],
  ])('ends with the process that holds it: %s', async (_name, waits) => {
    const { cwd, held, is } = project()
    const module = pathToFileURL(join(process.cwd(), 'src/system/server-process.ts')).href
    const command = { program: 'node', args: [held.file], cwd }
    writeTree(cwd, {
      'parent.mts': `import { holdServer } from '${module}'
holdServer(${JSON.stringify(command)}, ${JSON.stringify(held)})
${waits ? '' : "process.kill(process.pid, 'SIGKILL')"}\n`,
    })
    const tsx = join(process.cwd(), 'node_modules/tsx/dist/loader.mjs')
    const parent = spawn(process.execPath, ['--import', tsx, 'parent.mts'], { cwd })
    const exited = once(parent, 'exit')
    if (waits) {
      await vi.waitFor(() => expect(is('loaded')).toBe(true), settings)
      parent.kill('SIGKILL')
    }
    await exited
    await vi.waitFor(() => expect(processesOf(cwd)).toEqual([]), settings)
    expect(is('ran')).toBe(false)
  })
})

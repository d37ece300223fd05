import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, vi } from 'vitest'
import { preloadOf } from '../../../src/system/server-bootstrap.ts'
import { type ServerProcess, startServer } from '../../../src/system/server-process.ts'
import { temporaryFolder, writeTree } from '../../support/tree.ts'

/* Real processes; nothing here waits for a time of its own. */

const listen = (port: number | string) => `import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createServer } from 'node:net'
createServer().on('error', () => process.exit(1)).listen(${port}, '127.0.0.1')
`

/** Ends with code 11 a while after the first signal; a second one ends it at once. */
const drains = `${listen(0)}const signals = ['SIGINT', 'SIGTERM']
const drain = () => {
  for (const signal of signals) process.off(signal, drain)
  setTimeout(() => process.exit(11), 200)
}
for (const signal of signals) process.on(signal, drain)
`

/** Never ends in order; a second signal ends it. */
const hangs = `${listen(0)}for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => {})
`

async function started(source: string): Promise<ServerProcess> {
  const cwd = temporaryFolder()
  writeTree(cwd, { 'server.mjs': source })
  const server = startServer({ program: 'node', args: [join(cwd, 'server.mjs')], cwd })
  await server.listening
  return server
}

describe('a server', () => {
  it('tells where it listens', async () => {
    const server = await started(listen(0))
    expect(await server.listening).toEqual({ host: '127.0.0.1', port: expect.any(Number) })
    server.kill('SIGKILL')
    expect(await server.ended).toBe(137)
  })

  it('tells what was taken', async () => {
    const holder = createServer()
    await new Promise<void>((resolve) => holder.listen(0, '127.0.0.1', resolve))
    const address = holder.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const server = await started(listen(port))
    expect(await server.ended).toBe(1)
    expect([server.refused(), await server.listening]).toEqual([
      { host: '127.0.0.1', port },
      undefined,
    ])
    holder.close()
  })

  it.each([
    ['from here alone', ['stop']],
    ['from the terminal first', ['SIGINT', 'stop']],
    ['from the terminal last', ['stop', 'SIGINT']],
    ['while it drains', ['drain', 'SIGINT', 'stop']],
  ] as const)('hears of one Ctrl-C once: %s', async (_name, ways) => {
    const server = await started(drains)
    for (const way of ways) {
      if (way === 'SIGINT') server.kill(way)
      else if (way === 'stop') server.stop('SIGINT')
      else server.drain()
    }
    expect(await server.ended).toBe(11)
  })

  it.each(['stop', 'kill'] as const)('that knows no SIGHUP drains for it: %s', async (way) => {
    const server = await started(drains)
    server[way]('SIGHUP')
    expect(await server.ended).toBe(11)
  })

  it('that takes SIGHUP for something else is stopped by it nevertheless', async () => {
    const server = await started(`process.on('SIGHUP', () => {})\n${drains}`)
    server.kill('SIGHUP')
    server.stop('SIGHUP')
    expect(await server.ended).toBe(11)
  })

  it('ends at a second signal', async () => {
    const server = await started(hangs)
    const ended = vi.fn()
    void server.ended.then(ended)
    server.stop('SIGINT')
    await vi.waitFor(
      () => {
        server.kill('SIGINT')
        expect(ended).toHaveBeenCalledWith(130)
      },
      { timeout: 60_000, interval: 100 },
    )
  })

  it('that listens to no signal ends by it', async () => {
    const server = await started(listen(0))
    server.stop('SIGTERM')
    expect(await server.ended).toBe(143)
  })

  it.runIf(process.platform === 'linux')(
    'ends soon where its parent was killed before it ran, though that keeps its number for a while',
    async () => {
      const cwd = temporaryFolder()
      const preload = preloadOf().replaceAll(`${process.pid}`, 'PARENT')
      writeTree(cwd, {
        'server.mjs': `import { writeFileSync } from 'node:fs'
writeFileSync('pid', String(process.pid))
setInterval(() => {}, 1_000)
`,
        'parent.mjs': `import { spawn } from 'node:child_process'
const preload = ${JSON.stringify(preload)}.replaceAll('PARENT', process.pid)
const whenDead = 'until grep -q "^State:.Z" /proc/$0/status; do sleep 0.01; done; exec "$@"'
const server = [process.execPath, '--import', preload, 'server.mjs']
spawn('sh', ['-c', whenDead, String(process.pid), ...server], {
  stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
})
process.kill(process.pid, 'SIGKILL')
`,
      })
      // What takes the place of the shell never asks how the parent ended.
      const shell = spawn('sh', ['-c', '"$0" parent.mjs & exec sleep 600', process.execPath], {
        cwd,
      })
      const soon = { timeout: 60_000, interval: 20 }
      const pid = await vi.waitFor(() => readFileSync(join(cwd, 'pid'), 'utf8'), soon)
      shell.kill('SIGKILL')
      await vi.waitFor(() => expect(stateOf(pid)).toMatch(/^(gone|Z)$/), soon)
    },
  )
})

/** A letter, as in `/proc/<pid>/status`. */
function stateOf(pid: string): string {
  try {
    return /^State:\s+(\w)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 'gone'
  } catch {
    return 'gone'
  }
}

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Reloader } from '../../../../src/dev/serve/reloader.ts'
import type { Stage } from '../../../../src/dev/serve/stage.ts'
import type { Address } from '../../../../src/system/server-process.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }))
afterEach(() => void vi.useRealTimers())

/** A stage on which nothing happens by itself: tests end compilations and servers by hand. */
function fakeStage() {
  const said: string[] = []
  const servers: ReturnType<typeof fakeServer>[] = []
  const compilations: ((problems?: string) => void)[] = []
  const prepared: string[] = []
  let print = 'first'

  function fakeServer() {
    const received: string[] = []
    let end = (_code: number): void => {}
    let accept = (_address?: Address): void => {}
    const ended = new Promise<number>((resolve) => {
      end = resolve
    })
    const listening = new Promise<Address | undefined>((resolve) => {
      accept = resolve
    })
    void ended.then(() => accept())
    return { received, ended, listening, end, accept: () => accept({ host: '::1', port: 80 }) }
  }

  const stage: Stage = {
    compile: () => new Promise((resolve) => compilations.push((problems) => resolve(problems))),
    fingerprint: () => print,
    start() {
      const server = fakeServer()
      servers.push(server)
      return {
        ended: server.ended,
        listening: server.listening,
        refused: () => undefined,
        loaded: async () => [],
        drain: () => void server.received.push('drain'),
        stop: (signal) => void server.received.push(`stop ${signal}`),
        kill: (signal) => void server.received.push(signal),
      }
    },
    prepare: (server) => {
      const at = servers.findIndex(({ ended }) => ended === server.ended)
      prepared.push(`prepare ${at + 1}`)
    },
    check: () => void prepared.push(`check ${print}`),
    close: () => void prepared.push('close'),
    say: {
      serving: ({ host, port }) => void said.push(`serving ${host} ${port}`),
      reloaded: (since, files) => void said.push(['reloaded', since, ...files].join(' ')),
      draining: (isReload) => void said.push(isReload ? 'draining' : 'stopping'),
      broken: (problems, isServing) => void said.push(`broken ${problems} ${isServing}`),
      fixed: () => void said.push('fixed'),
      crashed: (code) => void said.push(`crashed ${code}`),
    },
  }
  return {
    stage,
    said,
    servers,
    prepared,
    async compiled(newPrint?: string, problems?: string) {
      await settled()
      print = newPrint ?? print
      compilations.shift()?.(problems)
      await settled()
    },
    pending: () => compilations.length,
    async passTime() {
      vi.advanceTimersByTime(1000)
      await settled()
    },
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

async function serving(reloads = true) {
  const fake = fakeStage()
  const reloader = new Reloader(fake.stage, reloads)
  const code = reloader.run()
  await fake.compiled()
  const [server] = fake.servers
  if (server === undefined) throw new Error('no server was started')
  server.accept()
  await settled()
  fake.prepared.length = 0
  return { ...fake, reloader, code, server }
}

type Serving = Awaited<ReturnType<typeof serving>>

describe('a reloader', () => {
  it('compiles, starts and says where once connections are accepted', async () => {
    expect((await serving()).said).toEqual(['serving ::1 80'])
  })

  it('starts the next server when the one before has ended', async () => {
    const { reloader, compiled, server, servers, said } = await serving()
    reloader.changed(5)
    await settled()
    await compiled('second')
    expect(server.received).toEqual(['drain'])
    expect(servers).toHaveLength(1)
    server.end(0)
    await settled()
    expect(servers).toHaveLength(2)
    servers[1]?.accept()
    await settled()
    expect(said).toEqual(['serving ::1 80', 'reloaded 5'])
  })

  it('names the files that changed since the last server started, once each', async () => {
    const { reloader, compiled, server, servers, said } = await serving()
    reloader.changed(5, ['src/a.ts'])
    await settled()
    await compiled(undefined, 'TS1134')
    reloader.changed(6, ['src/b.ts', 'src/a.ts'])
    await settled()
    await compiled('second')
    server.end(0)
    await settled()
    servers[1]?.accept()
    await settled()
    reloader.changed(7, ['src/c.ts'])
    await settled()
    await compiled('third')
    servers[1]?.end(0)
    await settled()
    servers[2]?.accept()
    await settled()
    expect(said.filter((line) => line.startsWith('reloaded'))).toEqual([
      'reloaded 6 src/a.ts src/b.ts',
      'reloaded 7 src/c.ts',
    ])
  })

  it('does not name what changed nothing', async () => {
    const { reloader, compiled, server, servers, said } = await serving()
    reloader.changed(5, ['src/comment.ts'])
    await settled()
    await compiled()
    reloader.changed(6, ['src/b.ts'])
    await settled()
    await compiled('second')
    server.end(0)
    await settled()
    servers[1]?.accept()
    await settled()
    expect(said).toContain('reloaded 6 src/b.ts')
  })

  it('keeps the server when nothing came of a change', async () => {
    const { reloader, compiled, server } = await serving()
    reloader.changed(5)
    await settled()
    await compiled()
    expect(server.received).toEqual([])
  })

  it('keeps the server when the source does not compile, and says when it does again', async () => {
    const { reloader, compiled, server, said } = await serving()
    reloader.changed(5)
    await settled()
    await compiled(undefined, 'TS1134')
    reloader.changed(6)
    await settled()
    await compiled()
    expect(server.received).toEqual([])
    expect(said).toEqual(['serving ::1 80', 'broken TS1134 true', 'fixed'])
  })

  it('makes one restart of several changes, counted from the first', async () => {
    const { reloader, compiled, pending, server, servers, said } = await serving()
    reloader.changed(5)
    await settled()
    reloader.changed(6)
    reloader.changed(7)
    await compiled('second')
    expect(server.received).toEqual([])
    await compiled('third')
    server.end(0)
    await settled()
    servers[1]?.accept()
    await settled()
    expect([pending(), servers.length]).toEqual([0, 2])
    expect(said).toEqual(['serving ::1 80', 'reloaded 5'])
  })

  it('compiles anew what changed while the old server drained', async () => {
    const { reloader, compiled, server, servers } = await serving()
    reloader.changed(5)
    await settled()
    await compiled('second')
    reloader.changed(6)
    server.end(0)
    await settled()
    expect(servers).toHaveLength(1)
    await compiled('third')
    expect(servers).toHaveLength(2)
  })

  it('ends a server that is still starting before it starts another', async () => {
    const { reloader, compiled, server, servers } = await serving()
    reloader.changed(5)
    await settled()
    await compiled('second')
    server.end(0)
    await settled()
    reloader.changed(6)
    await settled()
    await compiled('third')
    expect(servers[1]?.received).toEqual(['drain'])
    expect(servers).toHaveLength(2)
    servers[1]?.end(143)
    await settled()
    expect(servers).toHaveLength(3)
  })

  it('waits for a change after a crash, though it brings the same', async () => {
    const { reloader, compiled, server, servers, said } = await serving()
    server.end(1)
    await settled()
    expect(said.at(-1)).toBe('crashed 1')
    reloader.changed(5)
    await settled()
    await compiled()
    expect(servers).toHaveLength(2)
  })

  it.each([0, 1])('without reload ends as the server does, with %i', async (code) => {
    const { code: given, server } = await serving(false)
    server.end(code)
    expect(await given).toBe(code)
  })

  it('ends when the server ends well by itself', async () => {
    const { code, server } = await serving()
    server.end(0)
    expect(await code).toBe(0)
  })

  it('without reload fails when the source does not compile', async () => {
    const fake = fakeStage()
    const code = new Reloader(fake.stage, false).run()
    await fake.compiled(undefined, 'TS1134')
    expect(await code).toBe(1)
    expect(fake.servers).toEqual([])
  })
})

describe('the next start', () => {
  it('is prepared once a server has served for a while, and looked at before it is used', async () => {
    const { reloader, compiled, server, servers, prepared, passTime } = await serving()
    expect(prepared).toEqual([])
    await passTime()
    expect(prepared).toEqual(['prepare 1'])
    reloader.changed(5)
    await settled()
    await compiled('second')
    expect(prepared).toEqual(['prepare 1', 'check second'])
    expect(server.received).toEqual(['drain'])
    server.end(0)
    await settled()
    servers[1]?.accept()
    await settled()
    await passTime()
    expect(prepared).toEqual(['prepare 1', 'check second', 'prepare 2'])
  })

  it('is looked at again after what changed while the old server drained', async () => {
    const { reloader, compiled, server, prepared } = await serving()
    reloader.changed(5)
    await settled()
    await compiled('second')
    reloader.changed(6)
    server.end(0)
    await settled()
    await compiled('third')
    expect(prepared).toEqual(['check second', 'check third'])
  })

  it.each([
    ['without reload', false, async () => {}],
    [
      'while a change is compiled',
      true,
      async ({ reloader }: Serving) => {
        await settled()
        reloader.changed(5)
      },
    ],
    [
      'while the server drains',
      true,
      async ({ reloader, compiled }: Serving) => {
        reloader.changed(5)
        await settled()
        await compiled('second')
      },
    ],
    ['after a crash', true, async ({ server }: Serving) => server.end(1)],
  ])('is not prepared %s', async (_name, reloads, happen) => {
    const fake = await serving(reloads)
    await happen(fake)
    await settled()
    await fake.passTime()
    expect(fake.prepared.filter((what) => what.startsWith('prepare'))).toEqual([])
  })

  it('is given up at the first signal, also while the old server drains', async () => {
    const { reloader, compiled, server, code, prepared, passTime } = await serving()
    reloader.changed(5)
    await settled()
    await compiled('second')
    reloader.stop('SIGINT')
    expect(prepared).toEqual(['check second', 'close'])
    await passTime()
    server.end(0)
    await code
    expect(prepared).toEqual(['check second', 'close'])
  })
})

describe('a signal', () => {
  it('is handed on once, however it came', async () => {
    const { reloader, server, code } = await serving()
    reloader.stop('SIGINT')
    server.end(0)
    expect(await code).toBe(0)
    expect(server.received).toEqual(['stop SIGINT'])
  })

  it('ends the server the second time, at the latest the third', async () => {
    const { reloader, server, code } = await serving()
    for (const _time of [1, 2, 3]) reloader.stop('SIGTERM')
    server.end(143)
    expect(await code).toBe(143)
    expect(server.received).toEqual(['stop SIGTERM', 'SIGTERM', 'SIGKILL'])
  })

  it('says after a while that requests are open', async () => {
    const { reloader, server, code, said, passTime } = await serving()
    reloader.stop('SIGINT')
    await passTime()
    expect(said.at(-1)).toBe('stopping')
    server.end(0)
    await code
    await passTime()
    expect(said).toEqual(['serving ::1 80', 'stopping'])
  })

  it('comes as the same stop to a server that drains for a reload, and starts no other', async () => {
    const { reloader, compiled, server, servers, code } = await serving()
    reloader.changed(5)
    await settled()
    await compiled('second')
    reloader.stop('SIGTERM')
    server.end(0)
    expect(await code).toBe(0)
    expect(server.received).toEqual(['drain', 'stop SIGTERM'])
    expect(servers).toHaveLength(1)
  })

  it('during a start gives the code of the server before', async () => {
    const { reloader, compiled, server, servers, code } = await serving()
    reloader.changed(5)
    await settled()
    await compiled('second')
    server.end(0)
    await settled()
    reloader.stop('SIGINT')
    servers[1]?.end(130)
    expect(await code).toBe(0)
  })

  it('during the first compilation gives its own code', async () => {
    const fake = fakeStage()
    const reloader = new Reloader(fake.stage, true)
    const code = reloader.run()
    await settled()
    reloader.stop('SIGINT')
    await fake.compiled(undefined, 'aborted')
    expect(await code).toBe(130)
    expect([fake.said, fake.servers]).toEqual([[], []])
  })
})

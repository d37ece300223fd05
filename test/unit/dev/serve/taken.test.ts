import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { settingsOf } from '../../../../src/dev/serve/settings.ts'
import { detourFor, refuseNamedPort } from '../../../../src/dev/serve/taken.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

/** A port of 127.0.0.1 that somebody listens on. */
async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  servers.push(server)
  await once(server, 'listening')
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}

/** The part of a service's configuration that names its defaults. */
function sourceWith(port: number): string {
  return `Type.String({ env: 'HOST', default: '127.0.0.1' })
    Type.Integer({ env: 'PORT', default: ${port}, minimum: 0 })`
}

describe('the default port', () => {
  it('is used while it is free', async () => {
    const port = await takenPort()
    servers.splice(0).map((server) => server.close())
    expect(await detourFor(settingsOf({}, undefined, sourceWith(port)))).toBeUndefined()
  })

  it('gives way to the next free one when it is taken, and a line says so', async () => {
    const port = await takenPort()
    const detour = await detourFor(settingsOf({}, undefined, sourceWith(port)))
    expect(detour?.port).toBeGreaterThan(port)
    expect(detour?.message).toMatch(
      new RegExp(`^Port ${port} is taken by process \\d+ \\(.+\\); using ${detour?.port}\\.$`),
    )
  })
})

describe('a port that is named', () => {
  it.each([
    ['a flag or the environment', (port: number) => settingsOf({ PORT: `${port}` })],
    ['.env', (port: number) => settingsOf({}, `PORT=${port}\n`)],
  ])('by %s is refused when it is taken', async (_, settings) => {
    const port = await takenPort()
    await expect(detourFor({ ...settings(port), host: '127.0.0.1' })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      exitCode: 1,
    })
  })

  it('is 0, so that the system chooses', async () => {
    const settings = settingsOf({ PORT: '0' }, undefined, sourceWith(await takenPort()))
    expect(await detourFor(settings)).toBeUndefined()
  })

  it('is refused before a service is created', async () => {
    const port = `${await takenPort()}`
    await expect(refuseNamedPort(port, {})).rejects.toMatchObject({ code: 'PORT_TAKEN' })
    await expect(refuseNamedPort(undefined, { PORT: port })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
    })
    await expect(refuseNamedPort('0', { PORT: port })).resolves.toBeUndefined()
  })
})

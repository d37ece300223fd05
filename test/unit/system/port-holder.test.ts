import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { holderOfPort, listeningSockets, shortened } from '../../../src/system/port-holder.ts'
import { isTaken } from '../../../src/system/ports.ts'

const table = `  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F40 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 52417 1 0
   1: 0100007F:1F40 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 52418 1 0
   2: 00000000:1538 00000000:0000 0A 00000000:00000000 00:00000000 00000000    70        0 9001 1 0
`

it('finds the sockets that listen on a port, not its connections', () => {
  expect(listeningSockets(table, 8000)).toEqual(['52417'])
  expect(listeningSockets(table, 5432)).toEqual(['9001'])
  expect(listeningSockets(table, 80)).toEqual([])
})

it('shortens a command line to what is told by it', () => {
  expect(
    shortened(['/usr/bin/node', '--import', 'data:text/javascript,1', 'dist/server.js', '']),
  ).toBe('node dist/server.js')
  expect(shortened(['node', 'x'.repeat(100)])).toHaveLength(60)
})

it('names the process that holds a port', async () => {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    expect(await isTaken('127.0.0.1', port)).toBe(true)
    if (process.platform !== 'win32') expect((await holderOfPort(port))?.pid).toBe(process.pid)
  } finally {
    await new Promise((resolve) => server.close(resolve))
  }
  expect(await isTaken('127.0.0.1', port)).toBe(false)
})

import { expect, test } from 'vitest'
import { RawRequest } from '../support/raw-request.ts'
import { ServerProcess } from '../support/server-process.ts'

test('clients that vanish in the middle of a request do not affect others', async (context) => {
  const server = await ServerProcess.start()
  context.onTestFinished(() => server.stop())
  await server.listening()

  for (let round = 0; round < 20; round += 1) {
    const vanishing = Array.from({ length: 10 }, () => new RawRequest(server.url))
    for (const [index, client] of vanishing.entries()) {
      client.write('POST /nowhere HTTP/1.1\r\nhost: test\r\ncontent-type: application/json\r\n')
      client.write(index % 2 === 0 ? '' : 'content-length: 9\r\n\r\n{"a":')
    }
    const response = await fetch(`${server.url}/health/ready`)
    expect(response.status).toBe(200)
    for (const client of vanishing) client.cut()
  }

  server.signal('SIGTERM')
  expect(await server.exit()).toEqual({ code: 0, signal: null })
  expect(server.lines.filter((line) => /"level":"(error|fatal)"/.test(line))).toEqual([])
  expect(server.stderr).toBe('')
})

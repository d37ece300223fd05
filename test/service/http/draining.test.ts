import { expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { RawRequest } from '../support/raw-request.ts'

test('a request that had begun to arrive is served while the app closes', async () => {
  const app = await testApp()
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const request = new RawRequest(url)
  request.write('GET /health/live HTTP/1.1\r\nhost: test\r\n')
  // Answered after the connection before it was accepted.
  await fetch(`${url}/health/live`)
  const closed = app.close()
  await expect.poll(() => app.server.listening).toBe(false)
  request.write('\r\n')
  const { head, body } = await request.answer()
  expect(head).toMatch(/^HTTP\/1\.1 200 /)
  expect(head.toLowerCase()).toContain('connection: close')
  expect(JSON.parse(body)).toEqual({ status: 'live' })
  await closed
})

const ask = 'GET /health/live HTTP/1.1\r\nhost: test\r\n\r\n'

/** For each answer on a connection, whether it announces that it is the last. */
function closing(answers: string): boolean[] {
  const each = answers.toLowerCase().split(/(?=http\/1\.1 \d)/)
  return each.map((answer) => answer.includes('\r\nconnection: close'))
}

test('requests that were sent ahead are all answered, and the last one closes', async () => {
  const app = await testApp()
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  app.draining.begin()
  const request = new RawRequest(url)
  request.write(ask.repeat(3))
  expect(closing(await request.all())).toEqual([false, false, true])
  await app.close()
})

test('what a client sends on a connection that was just used is answered', async () => {
  const app = await testApp()
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const used = new RawRequest(url)
  used.write(ask)
  await expect.poll(() => used.received).toContain('live')
  app.draining.begin()
  const settled = app.draining.settle(5_000, 10_000)
  await expect.poll(() => app.server.listening).toBe(false)
  used.write(ask)
  expect(closing(await used.all())).toEqual([false, true])
  await settled
  await app.close()
})

test('connections on which nobody asks hinder nothing', async () => {
  const app = await testApp()
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const unused = new RawRequest(url)
  const used = new RawRequest(url)
  used.write(ask)
  await expect.poll(() => used.received).toContain('live')
  app.draining.begin()
  await app.draining.settle(50, 1_000)
  await app.close()
  expect(await unused.answer()).toEqual({ head: '', body: '' })
  expect(closing(await used.all())).toEqual([false])
})

test.each([
  ['a path that cannot be read', 'GET /%zz HTTP/1.1\r\nhost: test\r\n\r\n', 400],
  [
    'an expectation behind another request',
    `${ask}GET / HTTP/1.1\r\nhost: test\r\nexpect: tea\r\n\r\n`,
    417,
  ],
])('%s is answered, and closes the connection', async (_what, bytes, status) => {
  const app = await testApp()
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  app.draining.begin()
  const request = new RawRequest(url)
  request.write(bytes)
  const answers = await request.all()
  expect(answers).toContain(`HTTP/1.1 ${status} `)
  expect(closing(answers).at(-1)).toBe(true)
  await app.close()
})

test('a client that goes on and on does not hinder the end', async () => {
  const app = await testApp()
  const url = await app.listen({ host: '127.0.0.1', port: 0 })
  const busy = new RawRequest(url)
  // Not told that it should leave, it asks again before it has been quiet for long.
  const asking = setInterval(() => busy.write(ask), 20)
  await expect.poll(() => busy.received).toContain('live')
  await app.draining.settle(1_000, 300)
  clearInterval(asking)
  await app.close()
})

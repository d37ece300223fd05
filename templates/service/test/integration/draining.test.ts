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

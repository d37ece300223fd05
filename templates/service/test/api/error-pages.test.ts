import { expect, test } from 'vitest'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'

test('the type of a problem leads to its page', async () => {
  const app = await testApp()
  const { type } = (await app.inject('/nowhere')).json()
  const page = await app.inject(type)
  expect(page.headers['content-type']).toBe('text/plain; charset=utf-8')
  expect(page.body).toContain('# 404 Resource Not Found')
  await app.close()
})

test.each(['nothing', '..%2f..%2fpackage', 'toString'])('%s is no page', async (name) => {
  const app = await testApp()
  expectProblem(await app.inject(`/errors/${name}`), 404, 'not-found')
  await app.close()
})

test('PROBLEM_BASE_URI leads somewhere else, DOCS_ENABLED=false closes the pages here', async () => {
  const base = 'https://docs.example.com/api'
  const app = await testApp({ PROBLEM_BASE_URI: base, DOCS_ENABLED: 'false' })
  const closed = await app.inject('/errors/not-found')
  expect(closed.statusCode).toBe(404)
  expect(closed.json().type).toBe(`${base}/errors/not-found`)
  await app.close()
})

test.each(['docs.example.com', 'https://docs.example.com/', 'ftp://a'])(
  'PROBLEM_BASE_URI cannot be %s',
  async (uri) => {
    await expect(testApp({ PROBLEM_BASE_URI: uri })).rejects.toThrow('PROBLEM_BASE_URI')
  },
)

import type { FastifyInstance } from 'fastify'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problemTypes } from '../../src/http/app-error.ts'
import { testApp } from '../support/app.ts'
import { expectProblem } from '../support/problem.ts'

let app: FastifyInstance

beforeAll(async () => {
  app = await testApp()
})

afterAll(() => app.close())

test('the type of a problem leads to an HTML page', async () => {
  const { type } = (await app.inject('/nowhere')).json()
  const page = await app.inject(type)
  expect(page.headers['content-type']).toBe('text/html; charset=utf-8')
  expect(page.headers['content-security-policy']).toMatch(
    /^default-src 'none';.* style-src 'self' 'sha256-/,
  )
  expect(page.body).toContain('<h1>404 Resource Not Found</h1>')
})

test('/errors links to a page for each problem type', async () => {
  const { body } = await app.inject('/errors')
  const links = [...body.matchAll(/href="(\/errors\/[^"]+)"/g)].map((match) => match[1] ?? '')
  expect(links).toHaveLength(Object.keys(problemTypes).length)
  for (const link of links) expect((await app.inject(link)).statusCode, link).toBe(200)
})

test.each(['nothing', '..%2f..%2fpackage', 'toString'])('there is no page %s', async (name) => {
  expectProblem(await app.inject(`/errors/${name}`), 404, 'not-found')
})

test('PROBLEM_BASE_URI leads elsewhere, and DOCS_ENABLED=false closes the pages', async () => {
  const base = 'https://docs.example.com/api'
  const app = await testApp({ PROBLEM_BASE_URI: base, DOCS_ENABLED: 'false' })
  const closed = await app.inject('/errors/not-found')
  expect(closed.statusCode).toBe(404)
  expect(closed.json().type).toBe(`${base}/errors/not-found`)
  await app.close()
})

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { problems } from '../../src/http/problem.ts'
import { testApp } from '../support/app.ts'

interface Operation {
  responses: Record<string, { content?: Record<string, { schema: { $ref?: string } }> }>
}

const routes: FastifyPluginAsyncTypebox = async (app) => {
  const schema = { response: { 204: Type.Null(), ...problems(404, 422) } }
  app.delete('/sample', { schema }, async (_request, reply) => reply.code(204).send(null))
}

let app: FastifyInstance
let paths: Record<string, Record<string, Operation>>

beforeAll(async () => {
  app = await testApp()
  await app.register(routes)
  paths = (await app.inject('/openapi.json')).json().paths
})

afterAll(() => app.close())

test('every operation has a schema for its success and refers to the problem document', () => {
  const operations = Object.values(paths).flatMap((path) => Object.values(path))
  expect(operations.length).toBeGreaterThanOrEqual(4)
  for (const { responses } of operations) {
    expect(Object.keys(responses).some((status) => status.startsWith('2'))).toBe(true)
    expect(responses.default?.content?.['application/problem+json']?.schema).toEqual({
      $ref: '#/components/schemas/Problem',
    })
  }
})

test('problems of a route refer to the shared components', () => {
  const responses = paths['/sample']?.delete?.responses
  const media = 'application/problem+json'
  expect(responses?.[404]?.content?.[media]?.schema.$ref).toBe('#/components/schemas/Problem')
  expect(responses?.[422]?.content?.[media]?.schema.$ref).toBe(
    '#/components/schemas/ValidationProblem',
  )
})

test('the components are named and no other reference dangles', async () => {
  const document = (await app.inject('/openapi.json')).json()
  const known = Object.keys(document.components.schemas)
  expect(known).toEqual(expect.arrayContaining(['Problem', 'ValidationProblem']))
  for (const [, name] of JSON.stringify(document).matchAll(/#\/components\/schemas\/([^"]+)/g)) {
    expect(known).toContain(name)
  }
})

test('the page and what it loads are there', async () => {
  const page = await app.inject('/docs')
  expect(page.headers['content-type']).toContain('text/html')
  const assets = [...page.body.matchAll(/(?:src|href)="(\/docs[^"]+)"/g)].map((match) => match[1])
  expect(assets.length).toBeGreaterThan(4)
  for (const url of assets) {
    expect((await app.inject(url ?? '')).statusCode, url).toBe(200)
  }
})

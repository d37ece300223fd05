import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyInstance } from 'fastify'
import { Type } from 'typebox'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { name } from '../../src/about.ts'
import { problems } from '../../src/http/problem.ts'
import { testApp } from '../support/app.ts'
import { everyRouteEnv } from '../support/environment.ts'

interface Operation {
  operationId?: string
  summary?: string
  tags?: string[]
  responses: Record<string, { description: string; content?: Record<string, object> }>
}
interface Document {
  tags: { name: string }[]
  paths: Record<string, Record<string, Operation>>
  components: { schemas: object }
}

const sample: FastifyPluginAsyncTypebox = async (app) => {
  const response = { 204: Type.Null(), ...problems(404, 422) }
  const schema = { tags: ['samples'], summary: 'Delete a sample', response }
  app.delete('/', { schema }, async (_request, reply) => reply.code(204).send(null))
}

let app: FastifyInstance
let document: Document
let operations: Operation[]

beforeAll(async () => {
  app = await testApp(everyRouteEnv)
  await app.register(sample, { prefix: '/samples' })
  document = (await app.inject('/openapi.json')).json()
  operations = Object.values(document.paths).flatMap((path) => Object.values(path))
})

afterAll(() => app.close())

const media = 'application/problem+json'
const problemRef = { $ref: '#/components/schemas/Problem' }

describe('every operation', () => {
  test('has a unique id, a summary and a tag', () => {
    const ids = operations.map(({ operationId }) => operationId)
    expect(new Set(ids).size).toBe(ids.length)
    for (const { operationId, summary, tags } of operations) {
      expect(operationId, summary).toMatch(/^[a-z][A-Za-z\d]+$/)
      expect(summary, operationId).toMatch(/^[A-Z][^.]+$/)
      expect(tags, operationId).toHaveLength(1)
    }
  })

  test('describes each response, successes and errors', () => {
    for (const { operationId, responses } of operations) {
      const isSuccess = (status: string) => status.startsWith('2')
      expect(Object.keys(responses).some(isSuccess), operationId).toBe(true)
      const descriptions = Object.values(responses).map(({ description }) => description)
      expect(descriptions, operationId).not.toContain('Default Response')
      expect(responses.default?.content?.[media]).toMatchObject({ schema: problemRef })
    }
  })

  test('has a path without a trailing slash', () => {
    expect(Object.keys(document.paths).filter((path) => path.endsWith('/'))).toEqual([])
  })
})

test('an operation gets its id from its summary, and an example of each problem', () => {
  const operation = document.paths['/samples']?.delete
  expect(operation?.operationId).toBe('deleteSample')
  expect(operation?.responses[204]).toEqual({ description: 'No Content' })
  const example = { type: '/errors/not-found', status: 404, detail: 'Resource not found.' }
  expect(operation?.responses[404]).toMatchObject({
    description: '[Resource Not Found](/errors/not-found)',
    content: { [media]: { schema: problemRef, example } },
  })
  expect(operation?.responses[422]?.content?.[media]).toMatchObject({
    schema: { $ref: '#/components/schemas/ValidationProblem' },
    example: { errors: [{ pointer: '#/name' }] },
  })
})

test("the service's own resources come first, and health last", () => {
  const tags = document.tags.map((tag) => tag.name)
  expect(tags.indexOf('samples')).toBeLessThan(tags.indexOf('health'))
  expect(tags.at(-1)).toBe('health')
})

test('every reference leads to a component', () => {
  const known = Object.keys(document.components.schemas)
  expect(known).toEqual(expect.arrayContaining(['Problem', 'ValidationProblem']))
  for (const [, name] of JSON.stringify(document).matchAll(/#\/components\/schemas\/([^"]+)/g)) {
    expect(known).toContain(name)
  }
})

test('the page has the name of the service and loads its assets', async () => {
  const page = await app.inject('/docs')
  expect(page.headers['content-type']).toContain('text/html')
  expect(page.body).toContain(`<title>${name}</title>`)
  const assets = [...page.body.matchAll(/(?:src|href)="(\/docs[^"]+)"/g)].map((match) => match[1])
  expect(assets.length).toBeGreaterThan(4)
  for (const url of assets) {
    expect((await app.inject(url ?? '')).statusCode, url).toBe(200)
  }
})

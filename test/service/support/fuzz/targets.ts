import type { FastifyInstance } from 'fastify'
import { testCredentials } from '../../../support/client.ts'
import type { Endpoint } from '../../../support/routes.ts'
import { Dice } from './dice.ts'
import { type Schema, sample } from './values.ts'

/** A method and a path to send requests to. */
export interface Target {
  method: string
  /** With `{name}` in place of each parameter. */
  path: string
  query: { name: string; schema: Schema }[]
  body?: Schema
}

interface Operation {
  parameters?: { in: string; name: string; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}

/** Every operation of the OpenAPI document, and every route that it leaves out. */
export function targetsOf(app: FastifyInstance, endpoints: readonly Endpoint[]): Target[] {
  const { paths = {} } = app.swagger()
  const documented = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, Operation>).map(([method, operation]) => {
      const body = operation.requestBody?.content['application/json']?.schema
      const query = operation.parameters?.filter((it) => it.in === 'query') ?? []
      return { method: method.toUpperCase(), path, query, ...(body && { body }) }
    }),
  )
  // Most faults hide behind input, and a deletion leaves nothing to send input to.
  const rich = documented.filter(
    ({ method, path, query, body }) =>
      method !== 'DELETE' && (body || query.length > 0 || path.includes('{')),
  )
  const favoured = Array.from({ length: 8 }, () => rich).flat()
  return [
    ...documented,
    ...favoured,
    ...endpoints.map(({ method, url }) => ({ method, path: url, query: [] })),
  ]
}

/**
 * Creates `count` rows of every resource.
 *
 * @returns their paths, and a cursor of each list
 */
export async function seedData(app: FastifyInstance, targets: readonly Target[], count: number) {
  const headers = await testCredentials(app)
  const dice = new Dice(1)
  const paths: string[] = []
  const cursors: string[] = []
  const bodies = new Map<string, Schema>()
  for (const { method, path, body } of targets) {
    if (method === 'POST' && body && !path.includes('{')) bodies.set(path, body)
  }
  for (const [url, body] of bodies) {
    for (let made = 0; made < count; made += 1) {
      const payload = sample(body, dice) as object
      const { location } = (await app.inject({ method: 'POST', url, payload, headers })).headers
      if (typeof location === 'string') paths.push(location)
    }
    const { page } = (await app.inject({ url: `${url}?limit=1`, headers })).json()
    if (page?.next) cursors.push(page.next)
  }
  return { paths, cursors }
}

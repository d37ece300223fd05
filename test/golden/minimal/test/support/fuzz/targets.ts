import type { FastifyInstance } from 'fastify'
import { testCredentials } from '../client.ts'
import type { Endpoint } from '../routes.ts'
import { Dice } from './dice.ts'
import { type Schema, sample } from './values.ts'

/** Something that can be asked for. */
export interface Target {
  method: string
  /** With `{name}` in the place of each parameter. */
  path: string
  query: { name: string; schema: Schema }[]
  body?: Schema
}

interface Operation {
  parameters?: { in: string; name: string; schema: Schema }[]
  requestBody?: { content: Record<string, { schema: Schema }> }
}

/** Every operation of the documentation, and every route that it leaves out. */
export function targetsOf(app: FastifyInstance, endpoints: readonly Endpoint[]): Target[] {
  const { paths = {} } = app.swagger()
  const documented = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations as Record<string, Operation>).map(([method, operation]) => {
      const body = operation.requestBody?.content['application/json']?.schema
      const query = operation.parameters?.filter((it) => it.in === 'query') ?? []
      return { method: method.toUpperCase(), path, query, ...(body && { body }) }
    }),
  )
  // Most of what can go wrong is behind those that take input, while there is something.
  const rich = documented.filter(
    ({ method, path, query, body }) =>
      method !== 'DELETE' && (body || query.length > 0 || path.includes('{')),
  )
  const most = Array.from({ length: 8 }, () => rich).flat()
  return [
    ...documented,
    ...most,
    ...endpoints.map(({ method, url }) => ({ method, path: url, query: [] })),
  ]
}

/**
 * Makes up to `most` of each thing that can be made, but no more than 50.
 *
 * @returns their paths, and a cursor of each of their lists
 */
export async function seedData(app: FastifyInstance, targets: readonly Target[], most: number) {
  const headers = await testCredentials(app)
  const dice = new Dice(1)
  const paths: string[] = []
  const cursors: string[] = []
  const bodies = new Map<string, Schema>()
  for (const { method, path, body } of targets) {
    if (method === 'POST' && body && !path.includes('{')) bodies.set(path, body)
  }
  for (const [url, body] of bodies) {
    for (let count = 0; count < Math.min(most, 50); count += 1) {
      const payload = sample(body, dice) as object
      const { location } = (await app.inject({ method: 'POST', url, payload, headers })).headers
      if (typeof location === 'string') paths.push(location)
    }
    const { page } = (await app.inject({ url: `${url}?limit=1`, headers })).json()
    if (page?.next) cursors.push(page.next)
  }
  return { paths, cursors }
}

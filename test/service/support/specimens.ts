import type { FastifyInstance } from 'fastify'
import { testCredentials } from '../../support/client.ts'
import { specimenBody } from '../../support/factories/specimen.factory.ts'

/** A specimen, the resource that has a field of every type, as clients see it. */
export type Specimen = Record<string, unknown> & { id: string }

/** Requests to `/specimens` by somebody who may do everything. */
export interface Specimens {
  /** Sends the usual body, with the field `name` as `json`, which may be what no value becomes. */
  createWith(name: string, json: string): Promise<Answer>
  create(body: object): Promise<Answer>
  get(id: string): Promise<Answer>
  /** Replaces a specimen by what clients have read of it. */
  putBack(specimen: Specimen): Promise<Answer>
  list(query: Record<string, string>): Promise<{ data: Specimen[]; next: string | null }>
}

interface Answer {
  status: number
  body: Specimen & { errors?: { pointer: string }[] }
}

export async function specimensOf(app: FastifyInstance): Promise<Specimens> {
  const credentials = await testCredentials(app)
  const root = `${app.config.server.apiPrefix}/specimens`

  async function send(method: 'GET' | 'POST' | 'PUT', path: string, payload?: string) {
    const headers = { ...credentials, ...(payload && { 'content-type': 'application/json' }) }
    const url = `${root}${path}`
    const { statusCode, body } = await app.inject({
      method,
      url,
      headers,
      ...(payload && { payload }),
    })
    return { status: statusCode, body: JSON.parse(body) }
  }

  return {
    createWith(name, json) {
      const { [name as 'title']: _, ...rest } = specimenBody()
      return send(
        'POST',
        '',
        JSON.stringify(rest).replace(/\}$/, `,${JSON.stringify(name)}:${json}}`),
      )
    },
    create: (body) => send('POST', '', JSON.stringify(body)),
    get: (id) => send('GET', `/${id}`),
    putBack({ id, createdAt: _, updatedAt: __, ...body }) {
      return send('PUT', `/${id}`, JSON.stringify(body))
    },
    async list(query) {
      const { status, body } = await send('GET', `?${new URLSearchParams(query)}`)
      if (status !== 200) throw new Error(`${JSON.stringify(query)}: ${JSON.stringify(body)}`)
      const { data, page } = body
      return { data, next: page.next }
    },
  }
}

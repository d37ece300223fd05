import type { FastifyInstance, InjectOptions, LightMyRequestResponse } from 'fastify'
import login from './login.ts'

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
type Response = Promise<LightMyRequestResponse>

/** Calls the API without a network. Paths start below `API_PREFIX`: `/products`. */
export interface Client {
  get(path: string): Response
  post(path: string, body?: object): Response
  put(path: string, body?: object): Response
  patch(path: string, body?: object): Response
  delete(path: string): Response
}

/** The headers of somebody who may do everything that the API offers. */
export async function testCredentials(app: FastifyInstance): Promise<Record<string, string>> {
  await app.ready()
  const headers: Record<string, string> = {}
  await login(app, headers)
  return headers
}

/** A client that may do everything that the API offers. */
export async function testClient(app: FastifyInstance): Promise<Client> {
  const headers = await testCredentials(app)

  function send(method: Method, path: string, body?: object): Response {
    const url = `${app.config.server.apiPrefix}${path}`
    const options: InjectOptions = { method, url, headers }
    return app.inject(body ? { ...options, payload: body } : options)
  }

  return {
    get: (path) => send('GET', path),
    post: (path, body) => send('POST', path, body),
    put: (path, body) => send('PUT', path, body),
    patch: (path, body) => send('PATCH', path, body),
    delete: (path) => send('DELETE', path),
  }
}

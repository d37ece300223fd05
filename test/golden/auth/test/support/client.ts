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

/** A user to log in: sets `headers`. */
export interface Caller {
  roles: readonly string[]
  headers: Record<string, string>
}

/** The headers of a user with `roles`; by default one who may do everything. */
export async function testCredentials(
  app: FastifyInstance,
  roles: readonly string[] = ['admin'],
): Promise<Record<string, string>> {
  await app.ready()
  const caller: Caller = { roles, headers: {} }
  await login(app, caller)
  return caller.headers
}

/** A client of a user with `roles`; by default one who may do everything. */
export async function testClient(app: FastifyInstance, roles?: readonly string[]): Promise<Client> {
  return anonymousClient(app, await testCredentials(app, roles))
}

/** A client without credentials, unless `headers` hold some. */
export function anonymousClient(
  app: FastifyInstance,
  headers: Record<string, string> = {},
): Client {
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

import fp from 'fastify-plugin'
import FindMyWay, { type HTTPMethod } from 'find-my-way'
import { MethodNotAllowedError, NotFoundError } from './app-error.ts'

/** 404 for a path that doesn't exist, 405 with `Allow` for one that has other methods. */
export const notFound = fp(
  async (app) => {
    const methods = new Set<HTTPMethod>()
    const router = FindMyWay()

    app.addHook('onRoute', ({ method, url }) => {
      // A route for all paths says nothing about which ones exist.
      if (url === '*' || url === '/*') return
      for (const each of [method].flat() as HTTPMethod[]) {
        if (router.hasRoute(each, url)) continue
        router.on(each, url, () => {})
        methods.add(each)
      }
    })

    app.setNotFoundHandler((request) => {
      const path = request.url.split('?', 1)[0] ?? '/'
      const allowed = [...methods].filter((method) => router.find(method, path))
      if (allowed.length > 0) throw new MethodNotAllowedError(request.method, allowed.sort())
      throw new NotFoundError('This path does not exist.')
    })
  },
  { name: 'not-found', dependencies: ['errors'] },
)

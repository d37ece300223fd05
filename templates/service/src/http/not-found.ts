import fp from 'fastify-plugin'
import FindMyWay from 'find-my-way'
import { MethodNotAllowedError, NotFoundError } from './app-error.ts'

/** 404 for a path that is not there, 405 with `Allow` for one that has other methods. */
export const notFound = fp(
  async (app) => {
    const methods = new Set<string>()
    const router = FindMyWay()

    app.addHook('onRoute', ({ method, url }) => {
      // A route for every path (such as a preflight handler) says nothing about what is there.
      if (url === '*' || url === '/*') return
      for (const each of [method].flat()) {
        if (router.hasRoute(each as FindMyWay.HTTPMethod, url)) continue
        router.on(each as FindMyWay.HTTPMethod, url, () => {})
        methods.add(each)
      }
    })

    app.setNotFoundHandler((request) => {
      const path = request.url.split('?', 1)[0] ?? '/'
      const allowed = [...methods].filter((it) => router.find(it as FindMyWay.HTTPMethod, path))
      if (allowed.length > 0) throw new MethodNotAllowedError(request.method, allowed.sort())
      throw new NotFoundError('There is nothing at this path.')
    })
  },
  { name: 'not-found', dependencies: ['errors'] },
)

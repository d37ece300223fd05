import type { onRequestHookHandler, RouteOptions } from 'fastify'

const ofPlugins = new WeakSet<onRequestHookHandler>()

/**
 * Adds the hook of a plugin to a route, for `onRoute`: behind those of earlier plugins, so that a
 * request meets plugins in their order, and before those that the route declares itself.
 */
export function addRouteHook(route: RouteOptions, hook: onRequestHookHandler): void {
  const hooks = [route.onRequest ?? []].flat()
  const first = hooks.findIndex((each) => !ofPlugins.has(each))
  ofPlugins.add(hook)
  route.onRequest = hooks.toSpliced(first === -1 ? hooks.length : first, 0, hook)
}

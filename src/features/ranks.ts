/*
 * The total orders of the shared places. A new contribution takes its place here, so that the
 * produced bytes do not depend on the order in which features were added.
 */

/** Plugins in the order in which a request meets them. */
export const pluginOrder = [
  'cors',
  'securityHeaders',
  'requestId',
  'errors',
  'protocol',
  'jsonBody',
  'notFound',
  'unguardedRoutes',
  'draining',
  'loadShedding',
  'addressLimit',
  'timing',
  'openapi',
  'errorPages',
  'health',
  'redis',
  'database',
  'identify',
  'routeLimit',
  'access',
  'authRoutes',
  'rateLimitRoutes',
  'resilience',
  'exampleClient',
] as const

/** Groups of commands in the order of the service's help. */
export const commandGroupOrder = [
  'configCommands',
  'dbCommands',
  'userCommands',
  'monitorCommands',
] as const

export const testOverrideOrder = ['database'] as const

export const serverFolderOrder = ['dataFolder'] as const

export const testLoginOrder = ['login'] as const

export const envOrder = [
  'app',
  'cors',
  'docs',
  'logging',
  'overload',
  'security',
  'server',
  'auth',
  'database',
  'rateLimit',
  'redis',
  'resilience',
] as const

export const composeOrder = ['app', 'postgres', 'redis'] as const

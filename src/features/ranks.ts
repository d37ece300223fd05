/*
 * The total orders of the shared places. A new contribution takes its place here, so that the
 * produced bytes do not depend on the order in which features were added.
 */

/** Plugins in the order in which a request meets them. */
export const pluginOrder = [
  'cors',
  'securityHeaders',
  'requestId',
  'metering',
  'requestLogging',
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
  'metricsPage',
  'redis',
  'database',
  'cache',
  'identify',
  'routeLimit',
  'access',
  'routeCache',
  'authRoutes',
  'rateLimitRoutes',
  'resilience',
  'exampleClient',
] as const

/** Groups of commands in the order of the service's help. */
export const commandGroupOrder = [
  'configCommands',
  'monitorCommands',
  'dbCommands',
  'userCommands',
  'rateLimitCommands',
  'cacheCommands',
] as const

export const testOverrideOrder = ['database', 'passwords'] as const

export const serverFolderOrder = ['dataFolder'] as const

export const testLoginOrder = ['login'] as const

export const envOrder = [
  'app',
  'cors',
  'docs',
  'logging',
  'metrics',
  'overload',
  'security',
  'server',
  'auth',
  'cache',
  'database',
  'rateLimit',
  'redis',
  'requestLogging',
  'resilience',
] as const

export const composeOrder = [
  'app',
  'postgres',
  'redis',
  'prometheus',
  'alertmanager',
  'grafana',
] as const

/** Sections of the README. */
export const readmeOrder = [
  'Start',
  'What is inside',
  'Create the first user',
  'Use PostgreSQL',
  'Use Redis',
  'Run it in a container',
  'Grow it',
  'Add a field',
  'Daily commands',
  'Configuration',
  'Without create-service',
] as const

/** Rows of the README's list of features, and sections of the page about variables. */
export const titleOrder = [
  'Base',
  'Database',
  'Auth',
  'Rate limiting',
  'Cache',
  'Redis',
  'Request logging',
  'Resilience',
  'Docker',
  'Add a setting',
] as const

/** Sections of the page about metrics, which are sorted by their titles. */
export const metricsOrder = [
  'Add a metric',
  'Auth',
  'Business',
  'Cache',
  'Database',
  'Dependencies',
  'Errors',
  'HTTP',
  'Logs',
  'Metrics',
  'Process',
  'Rate limiting',
  'Resilience',
] as const

/** Sections of the page about commands. */
export const commandPageOrder = [
  'config',
  'monitor',
  'db',
  'users',
  'cache',
  'Add a group',
] as const

/** Rows of the list of `monitor` commands. */
export const monitorOrder = [
  '`monitor status`',
  '`monitor metrics`',
  '`monitor rate-limits --top 20`',
] as const

/** Rows of the list of folders. */
export const folderOrder = [
  '`src/config/`',
  '`src/http/`',
  '`src/observability/`',
  '`src/db/`',
  '`src/auth/`',
  '`src/rate-limit/`',
  '`src/cache/`',
  '`src/redis/`',
  '`src/request-logging/`',
  '`src/resilience/`',
  '`src/clients/`',
  '`src/resources/`',
  '`migrations/`',
  '`src/cli/`',
] as const

/** Rows of the README's list of generators. */
export const growOrder = [
  '`npx create-service generate resource Product name:string:120 price:decimal:10,2`',
  '`npx create-service destroy resource Product`',
  '`npx create-service generate router webhooks`',
] as const

import { isIP } from 'node:net'
import { Type } from 'typebox'
import { type MaskingSettings, maskingFault } from '../observability/masking.ts'
import { integer } from './types.ts'

/** Which defaults apply, and what clients are told about a bug. */
export const app = Type.Object({
  /** Selects the defaults of the other settings. */
  environment: Type.Enum(['development', 'test', 'production'], {
    env: 'NODE_ENV',
    default: 'development',
  }),
  /** Send clients the message of an unexpected error, and no HSTS header. Not for production. */
  debug: Type.Boolean({ env: 'APP_DEBUG', default: false }),
})

const anyOrigin = '*'

function isOrigin(text: string): boolean {
  if (text === anyOrigin) return true
  return /^https?:\/\/[a-z\d.:[\]-]+$/.test(text) && new URL(text).origin === text
}

/** Which web pages of other origins may call the API. */
export const cors = Type.Object({
  /** Origins whose pages may call the API, separated by commas; * for all. */
  origins: Type.Array(Type.String(), {
    env: 'CORS_ORIGINS',
    isValid: isOrigin,
    default: [],
    defaultIn: { development: ['http://localhost:3000', 'http://localhost:5173'] },
    expected: 'origins such as https://app.example.com, without a path; or * alone',
    conflict: ({ cors }: { cors: { origins: string[] } }) =>
      cors.origins.includes(anyOrigin) && cors.origins.length > 1
        ? '* alone or a list without it, because * is every origin'
        : undefined,
  }),
})

const baseUri = /^https?:\/\/[^\s?#]*[^\s?#/]$/

/** The API documentation, and where the pages of the problem types are. */
export const docs = Type.Object({
  /** Serve /docs, /openapi.json and /errors. */
  enabled: Type.Boolean({ env: 'DOCS_ENABLED', default: true, defaultIn: { production: false } }),
  /** Where problem types link to, if /errors is served by another host. */
  problemBaseUri: Type.String({
    env: 'PROBLEM_BASE_URI',
    default: '',
    isValid: (text: string) => text === '' || (baseUri.test(text) && URL.canParse(text)),
    expected: 'a URL such as https://docs.example.com, without a trailing slash',
  }),
})

/** A day in milliseconds. Node's timers overflow after 24 of them, also where two are added up. */
const day = 86_400_000

/** What is logged, and what is masked in it. */
export const logging = Type.Object({
  /** Lowest level that is logged. */
  level: Type.Enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'], {
    env: 'LOG_LEVEL',
    default: 'info',
  }),
  /** From how long (ms) on a request is slow, and logged at `warn`. */
  slowRequestMs: integer('SLOW_REQUEST_MS', 5_000, { minimum: 1, maximum: day }),
  /** Log the addresses of clients, or only their networks. */
  clientIp: Type.Enum(['full', 'truncated'], { env: 'LOG_CLIENT_IP', default: 'full' }),
  /** Fields to mask beside those that always are, separated by commas. */
  piiFields: Type.Array(Type.String(), { env: 'PII_FIELDS', default: [] }),
  /** Regular expressions of texts to mask, by name, separated by white space. */
  piiPatterns: Type.String({
    env: 'PII_PATTERNS',
    default: '',
    pattern: '^(\\s*[\\w-]+=\\S+)*$',
    expected: 'names and regular expressions such as employee=EMP-\\d{6} ticket=T\\d+',
    conflict: ({ logging }: { logging: MaskingSettings }) => maskingFault(logging),
  }),
})

type Ports = Record<'metrics' | 'server', { port?: number }>

/** Who may read the metrics. */
export const metrics = Type.Object({
  /** Serve /metrics with the API. */
  enabled: Type.Boolean({
    env: 'METRICS_ENABLED',
    default: true,
    defaultIn: { production: false },
  }),
  /** Port that serves /metrics instead; needed with several workers. */
  port: Type.Optional(
    Type.Integer({
      env: 'METRICS_PORT',
      minimum: 0,
      maximum: 65_535,
      conflict: ({ metrics, server }: Ports) =>
        metrics.port === server.port && server.port !== 0 ? 'another port than PORT' : undefined,
    }),
  ),
  /** The commit that runs. */
  commit: Type.String({ env: 'GIT_COMMIT', default: 'unknown' }),
})

/** When the service turns requests away to keep up with those it has accepted. */
export const overload = Type.Object({
  /** Mean event loop delay (ms) that turns requests away; 0 turns none away. */
  eventLoopDelayMs: integer('OVERLOAD_EVENT_LOOP_DELAY_MS', 1_000, {
    defaultIn: { test: 0 },
    minimum: 0,
    maximum: day,
  }),
})

/** Whether routes may stand open. */
export const security = Type.Object({
  /** What to do at start if routes declare access rules that no plugin enforces. */
  unguardedRoutes: Type.Enum(['refuse', 'warn', 'allow'], {
    env: 'UNGUARDED_ROUTES',
    default: 'refuse',
    defaultIn: { development: 'warn', test: 'allow' },
  }),
})

/** An IP address or a host name. The last label of a name isn't a number (RFC 1123, section 2.1). */
function isHost(text: string): boolean {
  const isName = /^(?=.{1,253}$)(\w([\w-]{0,61}\w)?(\.|$))+$/.test(text)
  return isIP(text) !== 0 || (isName && !/(^|\.)\d+\.?$/.test(text))
}

/** Names of address ranges in the `proxy-addr` package, which Fastify uses. */
const namedRanges = ['loopback', 'linklocal', 'uniquelocal']

function isAddressRange(text: string): boolean {
  const [address = '', bits, ...rest] = text.split('/')
  const family = isIP(address)
  if (bits === undefined) return family !== 0 || namedRanges.includes(text)
  const maximum = family === 4 ? 32 : 128
  return family !== 0 && rest.length === 0 && /^[1-9]\d*$/.test(bits) && Number(bits) <= maximum
}

/** Where the service listens, what it accepts, and how it stops. */
export const server = Type.Object({
  /** Address to listen on; 0.0.0.0 for all interfaces. */
  host: Type.String({
    env: 'HOST',
    default: '127.0.0.1',
    normalize: (text: string) => text.replace(/^\[(.*)\]$/, '$1'),
    isValid: isHost,
    expected: 'an IP address or a host name, without a scheme or port',
  }),
  /** Port to listen on; 0 for a free one. */
  port: integer('PORT', 8000, { minimum: 0, maximum: 65_535 }),
  /** Processes that share the port. */
  workers: integer('WORKERS', 1, { minimum: 1, maximum: 999 }),
  /** Path under which all resources are mounted. */
  apiPrefix: Type.String({
    env: 'API_PREFIX',
    default: '/api/v1',
    pattern: '^(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+$',
    expected: 'a path such as /api/v1, without a trailing slash',
  }),
  /** Largest request body, in bytes. Validating a large invalid one takes the service's time. */
  bodyLimit: integer('BODY_LIMIT', 102_400, { minimum: 1 }),
  /** Proxies whose X-Forwarded-* headers are trusted, separated by commas. */
  trustProxy: Type.Array(Type.String(), {
    env: 'TRUST_PROXY',
    default: [],
    isValid: isAddressRange,
    expected: 'IP addresses or CIDR ranges, or loopback, linklocal, uniquelocal',
  }),
  /** How long (ms) to keep serving after a stop signal, so that balancers notice. */
  shutdownDelayMs: integer('SHUTDOWN_DELAY_MS', 0, { minimum: 0, maximum: day }),
  /** How long (ms) open requests may take after that delay. */
  shutdownTimeoutMs: integer('SHUTDOWN_TIMEOUT_MS', 10_000, { minimum: 1, maximum: day }),
})
